// A small C interface over dlib: find faces, describe one face.
//
// Every function is noexcept: a C++ exception becomes an error string, never an
// unwinding through Rust. Pictures come in as decoded 8-bit RGB; no image decoder of
// dlib is compiled in.
#include <dlib/dnn.h>
#include <dlib/image_processing.h>
#include <dlib/image_processing/frontal_face_detector.h>
#include <dlib/image_transforms.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <istream>
#include <memory>
#include <streambuf>
#include <vector>

using namespace dlib;

// The published face descriptor network (ResNet, 29 convolution layers, 128 numbers).
template <template <int, template <typename> class, int, typename> class block, int N,
          template <typename> class BN, typename SUBNET>
using residual = add_prev1<block<N, BN, 1, tag1<SUBNET>>>;
template <template <int, template <typename> class, int, typename> class block, int N,
          template <typename> class BN, typename SUBNET>
using residual_down =
    add_prev2<avg_pool<2, 2, 2, 2, skip1<tag2<block<N, BN, 2, tag1<SUBNET>>>>>>;
template <int N, template <typename> class BN, int stride, typename SUBNET>
using block = BN<con<N, 3, 3, 1, 1, relu<BN<con<N, 3, 3, stride, stride, SUBNET>>>>>;
template <int N, typename SUBNET>
using ares = relu<residual<block, N, affine, SUBNET>>;
template <int N, typename SUBNET>
using ares_down = relu<residual_down<block, N, affine, SUBNET>>;
template <typename SUBNET>
using alevel0 = ares_down<256, SUBNET>;
template <typename SUBNET>
using alevel1 = ares<256, ares<256, ares_down<256, SUBNET>>>;
template <typename SUBNET>
using alevel2 = ares<128, ares<128, ares_down<128, SUBNET>>>;
template <typename SUBNET>
using alevel3 = ares<64, ares<64, ares<64, ares_down<64, SUBNET>>>>;
template <typename SUBNET>
using alevel4 = ares<32, ares<32, ares<32, SUBNET>>>;
using net_type = loss_metric<fc_no_bias<
    128,
    avg_pool_everything<alevel0<alevel1<alevel2<alevel3<alevel4<max_pool<
        3, 3, 2, 2, relu<affine<con<32, 7, 7, 2, 2, input_rgb_image_sized<150>>>>>>>>>>>>>;

namespace {

class memory_buffer : public std::streambuf {
  public:
    memory_buffer(const uint8_t* data, size_t len) {
        char* p = const_cast<char*>(reinterpret_cast<const char*>(data));
        setg(p, p, p + len);
    }
};

template <typename T>
void load(T& into, const uint8_t* data, size_t len) {
    memory_buffer buffer(data, len);
    std::istream in(&buffer);
    deserialize(into, in);
}

void put_error(char* out, size_t cap, const char* text) noexcept {
    if (out == nullptr || cap == 0) return;
    std::strncpy(out, text, cap - 1);
    out[cap - 1] = 0;
}

matrix<rgb_pixel> to_matrix(const uint8_t* rgb, uint32_t width, uint32_t height) {
    matrix<rgb_pixel> picture(height, width);
    const uint8_t* p = rgb;
    for (uint32_t y = 0; y < height; y++)
        for (uint32_t x = 0; x < width; x++, p += 3) picture(y, x) = rgb_pixel(p[0], p[1], p[2]);
    return picture;
}

// Pixels of a person do not stay behind in freed memory.
void wipe(matrix<rgb_pixel>& picture) noexcept {
    for (long y = 0; y < picture.nr(); y++)
        for (long x = 0; x < picture.nc(); x++) {
            volatile unsigned char* red = &picture(y, x).red;
            volatile unsigned char* green = &picture(y, x).green;
            volatile unsigned char* blue = &picture(y, x).blue;
            *red = *green = *blue = 0;
        }
}

struct wiped {
    matrix<rgb_pixel> picture;
    ~wiped() { wipe(picture); }
};

int32_t narrow(long v) noexcept {
    return static_cast<int32_t>(std::max<long>(-1000000, std::min<long>(1000000, v)));
}

}  // namespace

struct irefuda_engine {
    frontal_face_detector detector;
    shape_predictor shape;
    net_type net;
};

extern "C" {

struct irefuda_face {
    int32_t left, top, right, bottom;
    double score;
    int32_t points[10];
};

irefuda_engine* irefuda_engine_new(const uint8_t* shape, size_t shape_len, const uint8_t* net,
                                   size_t net_len, char* error, size_t error_cap) noexcept {
    try {
        auto engine = std::make_unique<irefuda_engine>();
        engine->detector = get_frontal_face_detector();
        load(engine->shape, shape, shape_len);
        load(engine->net, net, net_len);
        if (engine->shape.num_parts() != 5) {
            put_error(error, error_cap, "the landmark model does not have five points");
            return nullptr;
        }
        return engine.release();
    } catch (const std::exception& x) {
        put_error(error, error_cap, x.what());
    } catch (...) {
        put_error(error, error_cap, "unknown C++ exception");
    }
    return nullptr;
}

void irefuda_engine_free(irefuda_engine* engine) noexcept { delete engine; }

// Number of faces found (which may be more than cap), largest first; -1 on error.
int32_t irefuda_engine_detect(irefuda_engine* engine, const uint8_t* rgb, uint32_t width,
                              uint32_t height, irefuda_face* out, int32_t cap, char* error,
                              size_t error_cap) noexcept {
    try {
        wiped w{to_matrix(rgb, width, height)};
        std::vector<rect_detection> found;
        engine->detector(w.picture, found, 0.0);
        std::sort(found.begin(), found.end(), [](const rect_detection& a, const rect_detection& b) {
            return a.rect.area() > b.rect.area();
        });
        int32_t written = 0;
        for (const rect_detection& d : found) {
            if (written >= cap) break;
            const full_object_detection s = engine->shape(w.picture, d.rect);
            irefuda_face& o = out[written];
            o.left = narrow(d.rect.left());
            o.top = narrow(d.rect.top());
            o.right = narrow(d.rect.right());
            o.bottom = narrow(d.rect.bottom());
            o.score = d.detection_confidence;
            for (unsigned i = 0; i < 5; i++) {
                o.points[2 * i] = narrow(s.part(i).x());
                o.points[2 * i + 1] = narrow(s.part(i).y());
            }
            written++;
        }
        return static_cast<int32_t>(std::min<size_t>(found.size(), 1000));
    } catch (const std::exception& x) {
        put_error(error, error_cap, x.what());
    } catch (...) {
        put_error(error, error_cap, "unknown C++ exception");
    }
    return -1;
}

// Writes 128 numbers for one face found before in the same picture; 0, or -1 on error.
int32_t irefuda_engine_describe(irefuda_engine* engine, const uint8_t* rgb, uint32_t width,
                                uint32_t height, const irefuda_face* face, float* out, char* error,
                                size_t error_cap) noexcept {
    try {
        wiped w{to_matrix(rgb, width, height)};
        std::vector<point> parts;
        for (int i = 0; i < 5; i++) parts.emplace_back(face->points[2 * i], face->points[2 * i + 1]);
        const rectangle rect(face->left, face->top, face->right, face->bottom);
        const full_object_detection shape(rect, parts);
        wiped chip;
        extract_image_chip(w.picture, get_face_chip_details(shape, 150, 0.25), chip.picture);
        const matrix<float, 0, 1> v = engine->net(chip.picture);
        if (v.size() != 128) {
            put_error(error, error_cap, "the recognition model does not give 128 numbers");
            return -1;
        }
        for (long i = 0; i < 128; i++) out[i] = v(i);
        return 0;
    } catch (const std::exception& x) {
        put_error(error, error_cap, x.what());
    } catch (...) {
        put_error(error, error_cap, "unknown C++ exception");
    }
    return -1;
}
}
