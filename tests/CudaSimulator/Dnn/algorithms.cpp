// The algorithms of the three passes: which problems each takes, its workspace, and the fixed order of the answers.
#include "Dnn/convolution.h"
#include <algorithm>
#include "control.h"

namespace cusim {

namespace {

enum class Method { Direct, Implicit, Precomputed, Im2Col, Fft, FftTiles, Winograd, WinogradNonFused, None };

struct Algorithm {
    int number;
    Method method;
    bool deterministic = true;
};

// In the order of the answers.
const std::vector<Algorithm>& algorithms(Pass pass) {
    static const std::vector<Algorithm> forward = {{1, Method::Precomputed}, {7, Method::WinogradNonFused}, {6, Method::Winograd},
        {0, Method::Implicit}, {5, Method::FftTiles}, {2, Method::Im2Col}, {4, Method::Fft}, {3, Method::None}};
    static const std::vector<Algorithm> data = {{0, Method::Direct, false}, {5, Method::WinogradNonFused}, {1, Method::Precomputed},
        {4, Method::Winograd}, {3, Method::FftTiles}, {2, Method::Fft}};
    static const std::vector<Algorithm> filter = {{0, Method::Direct, false}, {3, Method::Im2Col, false}, {1, Method::Precomputed},
        {5, Method::WinogradNonFused}, {6, Method::FftTiles}, {2, Method::Fft}, {4, Method::None}};
    return pass == Pass::Forward ? forward : pass == Pass::BackwardData ? data : filter;
}

const Algorithm* algorithm_of(Pass pass, int number) {
    for (const Algorithm& one : algorithms(pass)) {
        if (one.number == number) { return &one; }
    }
    return nullptr;
}

std::size_t whole(double bytes) { return static_cast<std::size_t>(bytes / 256 + 1) * 256; }

}  // namespace

int algorithm_count(Pass pass) { return static_cast<int>(algorithms(pass).size()); }

bool algorithm_is_deterministic(Pass pass, int algorithm) {
    const Algorithm* const one = algorithm_of(pass, algorithm);
    return !one || one->deterministic;
}

bool has_manner(unsigned manner) { return (state().dnnManners & manner) != 0; }

bool algorithm_fails(Pass pass, int algorithm) {
    const Algorithm* const one = algorithm_of(pass, algorithm);
    return one && has_manner(CUSIM_OFFERS_WHAT_FAILS)
        && (one->method == Method::WinogradNonFused || (one->method == Method::Precomputed && pass == Pass::Forward));
}

bool algorithm_supports(Pass pass, int algorithm, const Problem& p, std::size_t& workspace) {
    workspace = 0;
    const Algorithm* const one = algorithm_of(pass, algorithm);
    if (!one) { return false; }
    const auto& conv = p.conv;
    const bool unit = conv.stride[0] == 1 && conv.stride[1] == 1 && conv.dilation[0] == 1 && conv.dilation[1] == 1;
    const int R = p.w.extent[2], S = p.w.extent[3];
    const double N = p.x.extent[0], C = p.x.extent[1], K = p.w.extent[0], H = p.x.extent[2], W = p.x.extent[3];
    const double taps = static_cast<double>(p.w.count()) / K, positions = static_cast<double>(p.y.extent[2]) * p.y.extent[3];
    switch (one->method) {
        case Method::Direct: case Method::Implicit:
            return true;
        case Method::Precomputed:
            workspace = whole(4 * taps);
            return true;
        case Method::Im2Col:
            workspace = whole(4 * taps * conv.groups * positions);
            return true;
        case Method::Fft:
            workspace = whole(8 * (H + R) * (W + S) * (N * C + N * K + C * K));
            return unit && R > 1 && S > 1 && H + R <= 256 && W + S <= 256;
        case Method::FftTiles:
            workspace = whole(8.0 * 32 * 32 * (N * C + N * K + C * K));
            return unit && R > 1 && S > 1 && R <= 32 && S <= 32;
        case Method::Winograd:
            return unit && R == 3 && S == 3;
        case Method::WinogradNonFused:
            workspace = whole(4.0 * 36 * (C * K + N * (C + K) * ((positions + 15) / 16)));
            return unit && R == S && (R == 3 || R == 5) && conv.groups == 1;
        case Method::None:
            return false;
    }
    return false;
}

std::vector<Performance> rank_algorithms(Pass pass, const Problem& p, std::size_t workspaceLimit) {
    std::vector<Performance> results;
    float milliseconds = 0.25f;
    for (const Algorithm& one : algorithms(pass)) {
        Performance result{one.number, DnnSuccess, milliseconds, 0, one.deterministic, p.conv.math, {}};
        const bool supported = algorithm_supports(pass, one.number, p, result.memory) && result.memory <= workspaceLimit;
        if (supported) {
            // Unless FMA is asked for, the answer names tensor cores: taking it over changes the arithmetic.
            if (p.conv.math != 3) { result.math = 1; }
            if (has_manner(CUSIM_OFFERS_DEFAULT_MATH)) { result.math = 0; }
            if (has_manner(CUSIM_DETERMINISM_UNKNOWN)) { result.determinism = -1; }
            milliseconds *= 1.5f;
        } else {
            result.status = DnnNotSupported;
            result.milliseconds = -1;
        }
        results.push_back(result);
    }
    if (has_manner(CUSIM_OFFERS_NOTHING)) { return {}; }
    std::stable_sort(results.begin(), results.end(), [](const auto& a, const auto& b) { return a.status < b.status; });
    if (has_manner(CUSIM_OFFERS_FEW)) { results.resize(2); }
    return results;
}

}  // namespace cusim
