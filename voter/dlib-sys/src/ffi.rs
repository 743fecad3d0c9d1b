//! The C interface of `cpp/shim.cpp`, declared once.

use core::ffi::c_char;

/// The engine on the C++ side; only ever seen through a pointer.
#[repr(C)]
pub struct RawEngine {
    _opaque: [u8; 0],
}

/// One face, laid out as in the shim.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct RawFace {
    pub left: i32,
    pub top: i32,
    pub right: i32,
    pub bottom: i32,
    pub score: f64,
    pub points: [i32; 10],
}

#[expect(
    unsafe_code,
    reason = "declarations of the C++ shim, checked against cpp/shim.cpp"
)]
unsafe extern "C" {
    pub fn irefuda_engine_new(
        shape: *const u8,
        shape_len: usize,
        net: *const u8,
        net_len: usize,
        error: *mut c_char,
        error_cap: usize,
    ) -> *mut RawEngine;
    pub fn irefuda_engine_free(engine: *mut RawEngine);
    pub fn irefuda_engine_detect(
        engine: *mut RawEngine,
        rgb: *const u8,
        width: u32,
        height: u32,
        out: *mut RawFace,
        cap: i32,
        error: *mut c_char,
        error_cap: usize,
    ) -> i32;
    pub fn irefuda_engine_describe(
        engine: *mut RawEngine,
        rgb: *const u8,
        width: u32,
        height: u32,
        face: *const RawFace,
        out: *mut f32,
        error: *mut c_char,
        error_cap: usize,
    ) -> i32;
}
