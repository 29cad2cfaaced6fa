// Convolutions by plain loops with sums in double: over planes copied to doubles with their zero borders, so
// that strides are met once and the innermost loop runs along a row.
#pragma once
#include "Dnn/descriptors.h"

namespace cusim {

// A checked problem: the extents agree with one another.
struct Problem {
    Layout x, w, y;
    ConvolutionSettings conv;
    bool rounds = false;                 // factors go to TF32 first
    double factor(float value) const;
};

// 0, or what does not fit: types, groups, channels, output extents.
int check_problem(const DnnCall& call, const Layout* x, const Layout* w, const ConvolutionDescriptor* conv, const Layout* y, Problem& problem);

// y = alpha conv(x, w) + beta y.
void convolve(const Problem& p, Scale scale, const float* x, const float* w, float* y);

// The sums alone, N*K planes of output doubles, for the fused form.
std::vector<double> convolution_sums(const Problem& p, const float* x, const float* w);

// dx = alpha (the transposed map of dy) + beta dx.
void convolve_back(const Problem& p, Scale scale, const float* w, const float* dy, float* dx);

// dw = alpha (sum over samples and positions) + beta dw.
void convolve_filter(const Problem& p, Scale scale, const float* x, const float* dy, float* dw);

// What an algorithm without a fixed order of sums may do: another last bit here and there, other ones each call.
void unsettle(const Layout& layout, float* data);

enum class Pass { Forward, BackwardData, BackwardFilter };

// cudnnConvolution*AlgoPerf_t, 48 bytes.
struct Performance {
    int algorithm, status;
    float milliseconds;
    std::size_t memory;
    int determinism, math;
    int reserved[3];
};
static_assert(sizeof(Performance) == 48);

int algorithm_count(Pass pass);

// Whether the algorithm takes the problem, and the workspace it asks for; the sizes are plausible ones of the
// method the algorithm is named after.
bool algorithm_supports(Pass pass, int algorithm, const Problem& p, std::size_t& workspace);
bool algorithm_is_deterministic(Pass pass, int algorithm);

// Whether it is offered and refuses to run, in the manner of that name.
bool algorithm_fails(Pass pass, int algorithm);

// Whether the program asked for a manner of cuDNN's (control.h).
bool has_manner(unsigned manner);

// All algorithms in the order the queries answer with: what is not deterministic stands first where it would
// tempt, what does not take the problem last.
std::vector<Performance> rank_algorithms(Pass pass, const Problem& p, std::size_t workspaceLimit);

}  // namespace cusim
