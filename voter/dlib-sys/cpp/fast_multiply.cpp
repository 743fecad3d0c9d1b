// The product declared in fast_multiply.h: both factors lie row by row in memory, so every number
// of the result is a dot product of two rows; done for two times four rows at once, in vectors.
#include "fast_multiply.h"

#include <dlib/matrix.h>

#if defined(__GNUC__)

namespace irefuda {

typedef float vector4 __attribute__((vector_size(16)));
typedef float vector8 __attribute__((vector_size(32)));

struct rows {
    const float* first;
    long count;
    long stride;
    const float* at(long r) const { return first + r * stride; }
};

// out[r][c] += a[r] . b[c] for R rows of a and C rows of b, each n numbers long.
template <typename V, int R, int C>
static inline __attribute__((always_inline)) void tile(float* out, long out_stride, const float* a,
                                                       long a_stride, const float* b, long b_stride,
                                                       long n) {
    constexpr long lanes = sizeof(V) / sizeof(float);
    V sum[R][C] = {};
    long k = 0;
    for (; k + lanes <= n; k += lanes)
        for (int r = 0; r < R; r++)
            for (int c = 0; c < C; c++) {
                V x, y;  // rows begin anywhere: copied, not cast
                __builtin_memcpy(&x, a + r * a_stride + k, sizeof(V));
                __builtin_memcpy(&y, b + c * b_stride + k, sizeof(V));
                sum[r][c] += x * y;
            }
    for (int r = 0; r < R; r++)
        for (int c = 0; c < C; c++) {
            float total = 0;
            for (int l = 0; l < lanes; l++) total += sum[r][c][l];
            for (long t = k; t < n; t++) total += a[r * a_stride + t] * b[c * b_stride + t];
            out[r * out_stride + c] += total;
        }
}

template <typename V>
static inline __attribute__((always_inline)) void product(float* out, long out_stride, rows a,
                                                          rows b, long n) {
    long c = 0;
    for (; c + 4 <= b.count; c += 4) {
        long r = 0;
        for (; r + 2 <= a.count; r += 2)
            tile<V, 2, 4>(out + r * out_stride + c, out_stride, a.at(r), a.stride, b.at(c),
                          b.stride, n);
        for (; r < a.count; r++)
            tile<V, 1, 4>(out + r * out_stride + c, out_stride, a.at(r), a.stride, b.at(c),
                          b.stride, n);
    }
    for (; c < b.count; c++)
        for (long r = 0; r < a.count; r++)
            tile<V, 1, 1>(out + r * out_stride + c, out_stride, a.at(r), a.stride, b.at(c),
                          b.stride, n);
}

static inline void product_plain(float* out, long out_stride, rows a, rows b, long n) {
    product<vector4>(out, out_stride, a, b, n);
}

#if defined(__x86_64__)
__attribute__((target("avx2,fma"))) static inline void product_avx2(float* out, long out_stride,
                                                                    rows a, rows b, long n) {
    product<vector8>(out, out_stride, a, b, n);
}
#endif

}  // namespace irefuda

namespace dlib {

void default_matrix_multiply(assignable_ptr_matrix<float>& dest,
                             const matrix_op<op_pointer_to_mat<float>>& lhs,
                             const matrix_op<op_trans<matrix<float>>>& rhs) {
    const matrix<float>& columns = rhs.op.m;
    if (lhs.size() == 0 || columns.size() == 0) return;
    const irefuda::rows a{lhs.op.ptr, lhs.op.rows, lhs.op.stride};
    const irefuda::rows b{&columns(0, 0), columns.nr(), columns.nc()};
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return irefuda::product_avx2(&dest(0, 0), dest.nc(), a, b, columns.nc());
#endif
    irefuda::product_plain(&dest(0, 0), dest.nc(), a, b, columns.nc());
}

}  // namespace dlib

#endif
