#include "Dnn/convolution.h"
#include <cmath>
#include <cstring>
#include "Dnn/elements.h"
#include "control.h"

namespace cusim {

namespace {

// To the nearest with 10 bits of fraction, ties to even.
float tensor_float(float value) {
    std::uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    if ((bits & 0x7f800000u) != 0x7f800000u) { bits = (bits + 0xfffu + (bits >> 13 & 1)) & ~0x1fffu; }
    std::memcpy(&value, &bits, sizeof bits);
    return value;
}

// One sample as doubles, C planes of H + 2 pad rows of W + 2 pad, borders zero.
struct Padded {
    int channels, height, width, padH, padW;
    std::vector<double> data;
    Padded(const Layout& x, const ConvolutionSettings& conv)
        : channels(x.extent[1]), height(x.extent[2] + 2 * conv.pad[0]), width(x.extent[3] + 2 * conv.pad[1]),
          padH(conv.pad[0]), padW(conv.pad[1]), data(static_cast<std::size_t>(channels) * height * width) {}
    double* plane(int c) { return data.data() + static_cast<std::size_t>(c) * height * width; }

    void load(const Problem& p, const float* from) {
        const Layout& x = p.x;
        for (int c = 0; c < channels; c++) {
            for (int h = 0; h < x.extent[2]; h++) {
                const float* const row = from + c * x.stride[1] + h * x.stride[2];
                double* const to = plane(c) + (h + padH) * static_cast<std::size_t>(width) + padW;
                for (int w = 0; w < x.extent[3]; w++) { to[w] = p.factor(row[w * x.stride[3]]); }
            }
        }
    }
};

// Weight [k, c, r, s] as the loops want it: turned round for a true convolution.
struct Weights {
    const Problem& problem;
    const float* data;
    const Layout& layout = problem.w;
    const bool flip = problem.conv.flip;
    long long index(int k, int c, int r, int s) const {
        const int row = flip ? layout.extent[2] - 1 - r : r, column = flip ? layout.extent[3] - 1 - s : s;
        return k * layout.stride[0] + c * layout.stride[1] + row * layout.stride[2] + column * layout.stride[3];
    }
    double operator()(int k, int c, int r, int s) const { return problem.factor(data[index(k, c, r, s)]); }
};

// Calls body(k, c of the group, plane of x, r, s) for every filter tap of one output channel.
template <class Body>
void each_tap(const Problem& p, int k, Body body) {
    const int perGroup = p.w.extent[1], first = k / (p.w.extent[0] / p.conv.groups) * perGroup;
    for (int c = 0; c < perGroup; c++) {
        for (int r = 0; r < p.w.extent[2]; r++) {
            for (int s = 0; s < p.w.extent[3]; s++) { body(c, first + c, r, s); }
        }
    }
}

// Where tap (r, s) of output row oh begins in a padded plane.
std::size_t start(const Problem& p, const Padded& x, int oh, int r, int s) {
    return static_cast<std::size_t>(oh * p.conv.stride[0] + r * p.conv.dilation[0]) * x.width + s * p.conv.dilation[1];
}

}  // namespace

double Problem::factor(float value) const { return rounds ? tensor_float(value) : value; }

int check_problem(const DnnCall& call, const Layout* x, const Layout* w, const ConvolutionDescriptor* conv, const Layout* y, Problem& problem) {
    if (!x || !w || !y || !conv || !conv->settings.set) { return call.bad(DnnBadParameter, "a descriptor is none or was never set"); }
    problem = {*x, *w, *y, conv->settings};
    constexpr int FmaMath = 3;
    problem.rounds = conv->settings.math != FmaMath && has_manner(CUSIM_ROUNDS_TO_TF32);
    if (x->type != 0 || w->type != 0 || y->type != 0) { return call.bad(DnnNotSupported, "only 4-byte floats"); }
    const int groups = conv->settings.groups;
    if (x->extent[1] != w->extent[1] * groups) {
        return call.bad(DnnBadParameter, std::to_string(x->extent[1]) + " channels, but the filter takes "
            + std::to_string(w->extent[1]) + " in each of " + std::to_string(groups) + " groups");
    }
    if (w->extent[0] % groups != 0) { return call.bad(DnnBadParameter, "the filters do not divide into the groups"); }
    const auto& s = conv->settings;
    const int expected[] = {x->extent[0], w->extent[0],
        output_extent(x->extent[2], s.pad[0], w->extent[2], s.dilation[0], s.stride[0]),
        output_extent(x->extent[3], s.pad[1], w->extent[3], s.dilation[1], s.stride[1])};
    for (int i = 0; i < 4; i++) {
        if (y->extent[i] != expected[i]) {
            return call.bad(DnnBadParameter, "output extent " + std::to_string(i) + " is " + std::to_string(y->extent[i]) + ", not "
                + std::to_string(expected[i]));
        }
    }
    return DnnSuccess;
}

std::vector<double> convolution_sums(const Problem& p, const float* x, const float* w) {
    const int K = p.w.extent[0], P = p.y.extent[2], Q = p.y.extent[3], step = p.conv.stride[1];
    const Weights weights{p, w};
    std::vector<double> sums(static_cast<std::size_t>(p.y.extent[0]) * K * P * Q);
    Padded planes(p.x, p.conv);
    for (int n = 0; n < p.x.extent[0]; n++) {
        planes.load(p, x + n * p.x.stride[0]);
        for (int k = 0; k < K; k++) {
            double* const sum = sums.data() + (static_cast<std::size_t>(n) * K + k) * P * Q;
            each_tap(p, k, [&](int c, int plane, int r, int s) {
                const double weight = weights(k, c, r, s);
                for (int oh = 0; oh < P; oh++) {
                    const double* const from = planes.plane(plane) + start(p, planes, oh, r, s);
                    double* const to = sum + static_cast<std::size_t>(oh) * Q;
                    if (step == 1) { for (int ow = 0; ow < Q; ow++) { to[ow] += weight * from[ow]; } }
                    else { for (int ow = 0; ow < Q; ow++) { to[ow] += weight * from[ow * step]; } }
                }
            });
        }
    }
    return sums;
}

void convolve(const Problem& p, Scale scale, const float* x, const float* w, float* y) {
    const std::vector<double> sums = convolution_sums(p, x, w);
    const double* sum = sums.data();
    each_element(p.y, [&](int n, int k, int h, int v) { blend(y[offset(p.y, n, k, h, v)], scale, *sum++); });
}

void convolve_back(const Problem& p, Scale scale, const float* w, const float* dy, float* dx) {
    const int K = p.w.extent[0], P = p.y.extent[2], Q = p.y.extent[3], step = p.conv.stride[1];
    const Weights weights{p, w};
    std::vector<double> top(static_cast<std::size_t>(P) * Q);
    for (int n = 0; n < p.x.extent[0]; n++) {
        Padded planes(p.x, p.conv);
        for (int k = 0; k < K; k++) {
            const float* const from = dy + n * p.y.stride[0] + k * p.y.stride[1];
            for (int oh = 0; oh < P; oh++) {
                for (int ow = 0; ow < Q; ow++) { top[static_cast<std::size_t>(oh) * Q + ow] = p.factor(from[oh * p.y.stride[2] + ow * p.y.stride[3]]); }
            }
            each_tap(p, k, [&](int c, int plane, int r, int s) {
                const double weight = weights(k, c, r, s);
                for (int oh = 0; oh < P; oh++) {
                    const double* const row = top.data() + static_cast<std::size_t>(oh) * Q;
                    double* const to = planes.plane(plane) + start(p, planes, oh, r, s);
                    if (step == 1) { for (int ow = 0; ow < Q; ow++) { to[ow] += weight * row[ow]; } }
                    else { for (int ow = 0; ow < Q; ow++) { to[ow * step] += weight * row[ow]; } }
                }
            });
        }
        for (int c = 0; c < p.x.extent[1]; c++) {
            for (int h = 0; h < p.x.extent[2]; h++) {
                const double* const from = planes.plane(c) + static_cast<std::size_t>(h + planes.padH) * planes.width + planes.padW;
                float* const to = dx + n * p.x.stride[0] + c * p.x.stride[1] + h * p.x.stride[2];
                for (int v = 0; v < p.x.extent[3]; v++) { blend(to[v * p.x.stride[3]], scale, from[v]); }
            }
        }
    }
}

void convolve_filter(const Problem& p, Scale scale, const float* x, const float* dy, float* dw) {
    const int K = p.w.extent[0], P = p.y.extent[2], Q = p.y.extent[3], step = p.conv.stride[1];
    const Weights weights{p, dw};
    const std::size_t perFilter = static_cast<std::size_t>(p.w.count()) / K;
    std::vector<double> sums(perFilter * K), top(static_cast<std::size_t>(P) * Q);
    Padded planes(p.x, p.conv);
    for (int n = 0; n < p.x.extent[0]; n++) {
        planes.load(p, x + n * p.x.stride[0]);
        for (int k = 0; k < K; k++) {
            const float* const from = dy + n * p.y.stride[0] + k * p.y.stride[1];
            for (int oh = 0; oh < P; oh++) {
                for (int ow = 0; ow < Q; ow++) { top[static_cast<std::size_t>(oh) * Q + ow] = p.factor(from[oh * p.y.stride[2] + ow * p.y.stride[3]]); }
            }
            double* total = sums.data() + perFilter * k;
            each_tap(p, k, [&](int, int plane, int r, int s) {
                double sum = 0;
                for (int oh = 0; oh < P; oh++) {
                    const double* const left = planes.plane(plane) + start(p, planes, oh, r, s);
                    const double* const right = top.data() + static_cast<std::size_t>(oh) * Q;
                    for (int ow = 0; ow < Q; ow++) { sum += left[ow * step] * right[ow]; }
                }
                *total++ += sum;
            });
        }
    }
    for (int k = 0; k < K; k++) {
        const double* total = sums.data() + perFilter * k;
        each_tap(p, k, [&](int c, int, int r, int s) { blend(dw[weights.index(k, c, r, s)], scale, *total++); });
    }
}

void unsettle(const Layout& layout, float* data) {
    static long call = 0;
    long index = ++call;
    each_element(layout, [&](int n, int c, int h, int w) {
        float& value = data[offset(layout, n, c, h, w)];
        if (index++ % 3 == 0 && value != 0) { value = std::nextafter(value, 0.0f); }
    });
}

}  // namespace cusim
