#include <cstring>
#include <ctime>
#include "selftest/libraries.h"

namespace {

constexpr int Implicit = 0;

// One problem with its descriptors and noise.
struct Case {
    Case(int n, int c, int h, int w, int k, int r, int s, int pad, int stride, int dilation, int groups, int mode = 1)
        : x(tensor(n, c, h, w)), filters(filter(k, c / groups, r, s)), conv(convolution(pad, stride, dilation, groups, mode)),
          xs(noise(static_cast<std::size_t>(n) * c * h * w, 1)), ws(noise(static_cast<std::size_t>(k) * (c / groups) * r * s, 2)) {
        const int rows = (h + 2 * pad - dilation * (r - 1) - 1) / stride + 1, columns = (w + 2 * pad - dilation * (s - 1) - 1) / stride + 1;
        y = tensor(n, k, rows, columns);
        count = static_cast<std::size_t>(n) * k * rows * columns;
    }
    Handle x, filters, conv, y;
    Floats xs, ws;
    std::size_t count;
};

int forward(const Dnn& dnn, const Case& c, const float* x, const float* w, float* y, int algorithm = Implicit, const float* beta = &Zero) {
    return cudnnConvolutionForward(dnn.handle, &One, c.x, x, c.filters, w, c.conv, algorithm, nullptr, 0, beta, c.y, y);
}

}  // namespace

// 3x3 image 1..9, filter [1 2; 3 4]: 1*1+2*2+4*3+5*4 = 37, then 47, 67, 77.
TEST(convolution_by_hand) {
    Dnn dnn;
    Case c(1, 1, 3, 3, 1, 2, 2, 0, 1, 1, 1);
    float *x = on_device({1, 2, 3, 4, 5, 6, 7, 8, 9}), *w = on_device({1, 2, 3, 4}), *y = unread(4);
    OK(forward(dnn, c, x, w, y));
    EQUAL(cusim_pending(), 1);
    SAME(result(dnn, y, 4), ({37, 47, 67, 77}));
    OK(forward(dnn, c, x, w, y, Implicit, &Two));
    SAME(result(dnn, y, 4), ({111, 141, 201, 231}));
    // The true convolution turns the filter: 1*4+2*3+4*2+5*1 = 23.
    Case turned(1, 1, 3, 3, 1, 2, 2, 0, 1, 1, 1, 0);
    OK(forward(dnn, turned, x, w, y));
    SAME(result(dnn, y, 4), ({23, 33, 53, 63}));
    // Padding 1, stride 2: the corners and the middle see 4*1, 3*2+..., by hand.
    Case padded(1, 1, 3, 3, 1, 2, 2, 1, 2, 1, 1);
    OK(forward(dnn, padded, x, w, y));
    SAME(result(dnn, y, 4), ({4, 18, 36, 77}));
    // Dilation 2: 1*1+3*2+7*3+9*4.
    Case dilated(1, 1, 3, 3, 1, 2, 2, 0, 1, 2, 1);
    OK(forward(dnn, dilated, x, w, y));
    SAME(result(dnn, y, 1), ({64}));
    // Two groups of one channel each.
    Case grouped(1, 2, 1, 2, 2, 1, 1, 0, 1, 1, 2);
    OK(forward(dnn, grouped, on_device({1, 2, 3, 4}), on_device({10, 100}), y));
    SAME(result(dnn, y, 4), ({10, 20, 300, 400}));
}

TEST(convolution_gradients_are_adjoint) {
    Dnn dnn;
    const int cases[][11] = {{2, 4, 7, 6, 6, 3, 2, 1, 2, 1, 2}, {1, 3, 8, 9, 4, 3, 3, 2, 1, 2, 1}, {2, 4, 5, 5, 4, 1, 1, 0, 1, 1, 4}};
    for (const auto& v : cases) {
        for (int mode = 0; mode < 2; mode++) {
            Case c(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8], v[9], v[10], mode);
            const Floats tops = noise(c.count, 3);
            float *x = on_device(c.xs), *w = on_device(c.ws), *top = on_device(tops), *y = unread(c.count), *dx = unread(c.xs.size()), *dw = unread(c.ws.size());
            OK(forward(dnn, c, x, w, y));
            const double through = dot(result(dnn, y, c.count), tops);
            std::size_t bytes = 1 << 16;
            float* workspace = unread(bytes / 4);
            OK(cudnnConvolutionBackwardData(dnn.handle, &One, c.filters, w, c.y, top, c.conv, 1, workspace, bytes, &Zero, c.x, dx));
            OK(cudnnConvolutionBackwardFilter(dnn.handle, &One, c.x, x, c.y, top, c.conv, 1, workspace, bytes, &Zero, c.filters, dw));
            NEAR(dot(result(dnn, dx, c.xs.size()), c.xs), through, 1e-5);
            NEAR(dot(result(dnn, dw, c.ws.size()), c.ws), through, 1e-5);
        }
    }
}

TEST(fused_convolution) {
    Dnn dnn;
    Case c(1, 1, 1, 3, 1, 1, 1, 0, 1, 1, 1);
    float *x = on_device({1, -2, 3}), *w = on_device({2}), *z = unread(3), *bias = on_device({-1}), *y = unread(3);
    Handle b = tensor(1, 1, 1, 1);
    const auto fused = [&](const float* alpha2, Handle act, int algorithm) {
        static float* workspace = nullptr;
        workspace = unread(64);
        return cudnnConvolutionBiasActivationForward(dnn.handle, &One, c.x, x, c.filters, w, c.conv, algorithm, workspace, 256, alpha2, c.y, z, b, bias,
            act, c.y, y);
    };
    OK(fused(&Zero, activation(1), 0));
    SAME(result(dnn, y, 3), ({1, 0, 5}));
    z = on_device({1, 10, 100});
    OK(fused(&Two, activation(1), 0));
    SAME(result(dnn, y, 3), ({3, 15, 205}));
    OK(fused(&Zero, activation(5), 1));
    SAME(result(dnn, y, 3), ({1, -5, 5}));
    EQUAL(fused(&Zero, activation(5), 0), 3000);
    EQUAL(fused(&Zero, activation(0), 1), 3000);
}

TEST(convolution_arguments) {
    Dnn dnn;
    Case c(1, 2, 6, 6, 4, 3, 3, 1, 1, 1, 1);
    float *x = on_device(c.xs), *w = on_device(c.ws), *y = unread(c.count + 1);
    EQUAL(forward(dnn, c, nullptr, w, y), 2002);
    char words[200];
    cudnnGetLastErrorString(words, sizeof words);
    CHECK(std::strcmp(words, "cudnnConvolutionForward: x is null") == 0);
    cudnnGetLastErrorString(words, sizeof words);
    CHECK(words[0] == 0);
    EQUAL(forward(dnn, c, x, w, reinterpret_cast<float*>(reinterpret_cast<char*>(y) + 2)), 2003);
    EQUAL(forward(dnn, c, x, w, y, 8), 2000);
    EQUAL(forward(dnn, c, x, w, y, 3), 3000);
    std::size_t needed = 0;
    OK(cudnnGetConvolutionForwardWorkspaceSize(dnn.handle, c.x, c.filters, c.conv, c.y, 2, &needed));
    CHECK(needed >= 2 * 9 * 36 * 4);
    EQUAL(forward(dnn, c, x, w, y, 2), 3000);
    float* workspace = unread(needed / 4 + 1);
    const auto with = [&](float* at, std::size_t bytes) {
        return cudnnConvolutionForward(dnn.handle, &One, c.x, x, c.filters, w, c.conv, 2, at, bytes, &Zero, c.y, y);
    };
    EQUAL(with(workspace, needed - 1), 3000);
    EQUAL(with(workspace + 1, needed), 2003);
    OK(with(workspace, needed));
    Handle wrong = tensor(1, 4, 5, 6);
    EQUAL(cudnnConvolutionForward(dnn.handle, &One, c.x, x, c.filters, w, c.conv, 0, nullptr, 0, &Zero, wrong, y), 2000);
    OK(cudnnSetConvolutionGroupCount(c.conv, 2));
    EQUAL(forward(dnn, c, x, w, y), 2000);
    Handle descriptor;
    OK(cudnnCreateConvolutionDescriptor(&descriptor));
    EQUAL(cudnnSetConvolution2dDescriptor(descriptor, -1, 0, 1, 1, 1, 1, 1, 0), 2000);
    EQUAL(cudnnSetConvolution2dDescriptor(descriptor, 0, 0, 0, 1, 1, 1, 1, 0), 2000);
    EQUAL(cudnnSetConvolution2dDescriptor(c.x, 0, 0, 1, 1, 1, 1, 1, 0), 2000);
    EQUAL(cudnnSetTensor4dDescriptor(c.x, 0, 0, 1, 0, 1, 1), 2000);
    EQUAL(cudnnSetTensor4dDescriptor(c.x, 0, 0, 65536, 65536, 1, 1), 3000);
    // What is told at the wait: the output is not as long as the descriptor says.
    Case bigger(1, 2, 60, 60, 4, 3, 3, 1, 1, 1, 1);
    OK(forward(dnn, bigger, x, w, y));
    EQUAL(cuStreamSynchronize(dnn.stream), 700);
    EQUAL(forward(dnn, bigger, x, w, y), 5001);
}

TEST(algorithm_lists) {
    Dnn dnn;
    Case c(1, 2, 6, 6, 4, 3, 3, 1, 1, 1, 1);
    Performance results[8];
    int count = 0;
    OK(cudnnGetConvolutionForwardAlgorithm_v7(dnn.handle, c.x, c.filters, c.conv, c.y, 8, &count, results));
    EQUAL(count, 8);
    EQUAL(results[7].status, 3000);
    EQUAL(results[0].math, 1);
    OK(cudnnSetConvolutionMathType(c.conv, 3));
    OK(cudnnGetConvolutionForwardAlgorithm_v7(dnn.handle, c.x, c.filters, c.conv, c.y, 2, &count, results));
    EQUAL(count, 2);
    EQUAL(results[0].math, 3);
    std::size_t needed;
    OK(cudnnGetConvolutionForwardWorkspaceSize(dnn.handle, c.x, c.filters, c.conv, c.y, results[0].algorithm, &needed));
    EQUAL(results[0].memory, needed);
    OK(cudnnGetConvolutionBackwardDataAlgorithm_v7(dnn.handle, c.filters, c.y, c.conv, c.x, 6, &count, results));
    EQUAL(count, 6);
    for (const Performance& one : {results[0], results[1], results[2]}) { EQUAL(one.determinism, one.algorithm != 0); }
    OK(cudnnGetConvolutionBackwardFilterAlgorithm_v7(dnn.handle, c.x, c.y, c.conv, c.filters, 7, &count, results));
    EQUAL(count, 7);
    for (int i = 0; i < 7; i++) { EQUAL(results[i].determinism, results[i].algorithm != 0 && results[i].algorithm != 3); }
    // A stride takes Winograd away.
    Case strided(1, 2, 6, 6, 4, 3, 3, 1, 2, 1, 1);
    OK(cudnnGetConvolutionForwardAlgorithm_v7(dnn.handle, strided.x, strided.filters, strided.conv, strided.y, 8, &count, results));
    for (int i = 0; i < 8; i++) { EQUAL(results[i].status, results[i].algorithm <= 2 ? 0 : 3000); }
}

TEST(some_algorithms_differ_from_call_to_call) {
    Dnn dnn;
    Case c(1, 2, 6, 6, 4, 3, 3, 1, 1, 1, 1);
    float *w = on_device(c.ws), *top = on_device(noise(c.count, 3)), *dx = unread(c.xs.size()), *workspace = unread(4096);
    const auto back = [&](int algorithm) {
        OK(cudnnConvolutionBackwardData(dnn.handle, &One, c.filters, w, c.y, top, c.conv, algorithm, workspace, 16384, &Zero, c.x, dx));
        return result(dnn, dx, c.xs.size());
    };
    CHECK(back(1) == back(1));
    CHECK(!(back(0) == back(0)));
    CLOSE(back(0), back(1), 1e-5);
}

TEST(find_writes_and_may_not_be_captured) {
    Dnn dnn;
    Case c(1, 2, 6, 6, 4, 3, 3, 1, 1, 1, 1);
    float *x = on_device(c.xs), *w = on_device(c.ws), *y = on_device(Floats(c.count, 1)), *workspace = unread(1024);
    Performance results[8];
    int count;
    OK(cudnnFindConvolutionForwardAlgorithmEx(dnn.handle, c.x, x, c.filters, w, c.conv, c.y, y, 8, &count, results, workspace, 4096));
    EQUAL(results[0].status, 0);
    CHECK(results[0].memory <= 4096);
    CHECK(result(dnn, y, 1)[0] != 1);
    OK(cuStreamBeginCapture_v2(dnn.stream, 1));
    EQUAL(cudnnFindConvolutionForwardAlgorithmEx(dnn.handle, c.x, x, c.filters, w, c.conv, c.y, y, 8, &count, results, workspace, 4096), 5001);
    Handle graph;
    EQUAL(cuStreamEndCapture(dnn.stream, &graph), 901);
}

TEST(dnn_work_is_captured) {
    Dnn dnn;
    Case c(1, 1, 1, 2, 1, 1, 1, 0, 1, 1, 1);
    Handle graph, exec, second;
    float *x = on_device({1, 2}), *w = on_device({3}), *y = on_device({5, 5});
    OK(cuStreamBeginCapture_v2(dnn.stream, 1));
    OK(forward(dnn, c, x, w, y, Implicit, &One));
    OK(cuStreamEndCapture(dnn.stream, &graph));
    OK(cuGraphInstantiateWithFlags(&exec, graph, 0));
    SAME(result(dnn, y, 2), ({5, 5}));
    OK(cuGraphLaunch(exec, dnn.stream));
    OK(cuGraphLaunch(exec, dnn.stream));
    SAME(result(dnn, y, 2), ({11, 17}));
    OK(cuStreamBeginCapture_v2(dnn.stream, 1));
    EQUAL(cudnnCreate(&second), 5001);
    EQUAL(forward(dnn, c, x, w, y), 5001);
    EQUAL(cuStreamEndCapture(dnn.stream, &graph), 901);
}

TEST(manners_of_offers) {
    Dnn dnn;
    Case c(1, 2, 6, 6, 4, 3, 3, 1, 1, 1, 1);
    OK(cudnnSetConvolutionMathType(c.conv, 3));
    Performance offers[8];
    int count = 0;
    const auto ask = [&](unsigned manners) {
        cusim_dnn_manners(manners);
        OK(cudnnGetConvolutionForwardAlgorithm_v7(dnn.handle, c.x, c.filters, c.conv, c.y, 8, &count, offers));
        return count;
    };
    EQUAL(ask(CUSIM_OFFERS_NOTHING), 0);
    EQUAL(ask(CUSIM_OFFERS_FEW), 2);
    EQUAL(ask(CUSIM_OFFERS_DEFAULT_MATH | CUSIM_DETERMINISM_UNKNOWN), 8);
    EQUAL(offers[0].math, 0);
    EQUAL(offers[0].determinism, -1);
    ask(CUSIM_WORKSPACE_GROWS);
    std::size_t needed;
    OK(cudnnGetConvolutionForwardWorkspaceSize(dnn.handle, c.x, c.filters, c.conv, c.y, 1, &needed));
    EQUAL(needed, 2 * offers[0].memory);
    float *x = on_device(c.xs), *w = on_device(c.ws), *y = unread(c.count), *workspace = unread(needed / 4);
    const auto run = [&](std::size_t bytes) {
        return cudnnConvolutionForward(dnn.handle, &One, c.x, x, c.filters, w, c.conv, 1, workspace, bytes, &Zero, c.y, y);
    };
    EQUAL(run(offers[0].memory), 3000);
    OK(run(needed));
    ask(CUSIM_OFFERS_WHAT_FAILS);
    EQUAL(offers[0].algorithm, 1);
    EQUAL(offers[0].status, 0);
    EQUAL(run(needed), 3000);
    OK(forward(dnn, c, x, w, y));
}

TEST(manners_of_arithmetic) {
    Dnn dnn;
    Case c(1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1);
    const float fine = 1 + 1.0f / 4096;
    float *x = on_device({fine}), *w = on_device({1}), *y = unread(1), *z = on_device({NAN}), *bias = on_device({NAN});
    cusim_dnn_manners(CUSIM_ROUNDS_TO_TF32);
    OK(forward(dnn, c, x, w, y));
    SAME(result(dnn, y, 1), ({1}));
    OK(cudnnSetConvolutionMathType(c.conv, 3));
    OK(forward(dnn, c, x, w, y));
    SAME(result(dnn, y, 1), ({fine}));
    Handle b = tensor(1, 1, 1, 1);
    const auto fused = [&](unsigned manners, float* summand) {
        cusim_dnn_manners(manners);
        return cudnnConvolutionBiasActivationForward(dnn.handle, &One, c.x, x, c.filters, w, c.conv, Implicit, nullptr, 0, &Zero, c.y, z, b, summand,
            activation(1, 0, 1), c.y, y);
    };
    OK(fused(0, bias));
    CHECK(std::isnan(result(dnn, y, 1)[0]));
    OK(fused(CUSIM_FUSED_DROPS_NAN, bias));
    SAME(result(dnn, y, 1), ({0}));
    OK(fused(CUSIM_FUSED_READS_ADDEND, w));
    CHECK(std::isnan(result(dnn, y, 1)[0]));
    OK(fused(0, w));
    SAME(result(dnn, y, 1), ({fine + 1}));
    EQUAL(fused(CUSIM_FUSED_REFUSES, w), 3000);
}

TEST(dnn_handles_and_faults) {
    EQUAL(cudnnGetVersion(), 91900);
    EQUAL(cudnnGetCudartVersion(), 13000);
    Handle handle;
    EQUAL(cudnnCreate(&handle), 1001);
    Dnn dnn;
    EQUAL(cudnnSetStream(dnn.stream, dnn.stream), 2000);
    EQUAL(cudnnSetStream(dnn.handle, dnn.handle), 2000);
    CHECK(std::strcmp(cudnnGetErrorString(3000), "CUDNN_STATUS_NOT_SUPPORTED") == 0);
    Handle t = tensor(1, 1, 1, 1);
    EQUAL(cusim_live(CUSIM_DNN_DESCRIPTORS), 1);
    OK(cudnnDestroyTensorDescriptor(t));
    EQUAL(cudnnDestroyTensorDescriptor(t), 2000);
    EQUAL(cusim_live(CUSIM_DNN_DESCRIPTORS), 0);
    cusim_fault("cudnnCreateTensorDescriptor", 1, 4003);
    EQUAL(cudnnCreateTensorDescriptor(&t), 4003);
    EQUAL(cusim_fault_fired("cudnnCreateTensorDescriptor"), 1);
    OK(cudnnDestroy(dnn.handle));
    EQUAL(cudnnDestroy(dnn.handle), 2000);
    EQUAL(cusim_live(CUSIM_DNN_HANDLES), 0);
}

TEST(convolution_is_fast_enough) {
    Dnn dnn;
    Case c(1, 64, 56, 56, 64, 3, 3, 1, 1, 1, 1);
    float *x = on_device(c.xs), *w = on_device(c.ws), *y = unread(c.count), *dw = unread(c.ws.size()), *workspace = unread(1024);
    const auto timed = [&](const char* what, auto run) {
        const std::clock_t start = std::clock();
        OK(run());
        OK(cuStreamSynchronize(dnn.stream));
        // Processor time, so that a busy machine does not fail it; sanitized builds take several times the plain one's.
        const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
        std::printf("  %s, 64 to 64 channels of 56x56: %.3f s\n", what, seconds);
        CHECK(seconds < 3);
    };
    timed("forward", [&] { return forward(dnn, c, x, w, y); });
    timed("backward data", [&] { return cudnnConvolutionBackwardData(dnn.handle, &One, c.filters, w, c.y, y, c.conv, 1, workspace, 4096, &Zero, c.x, x); });
    timed("backward filter", [&] { return cudnnConvolutionBackwardFilter(dnn.handle, &One, c.x, x, c.y, y, c.conv, 1, workspace, 4096, &Zero, c.filters, dw); });
}
