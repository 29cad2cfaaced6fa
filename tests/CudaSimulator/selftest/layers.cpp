#include "selftest/libraries.h"

namespace {

constexpr int Max = 0, Inclusive = 1, Exclusive = 2, MaxDeterministic = 3;

// y = f(x) and dx for a top gradient, by whatever calls are given; checks dx against differences in double steps.
template <class Forward, class Backward>
void check_gradient(const Dnn& dnn, std::size_t count, std::size_t outputs, Forward forward, Backward backward, double tolerance) {
    Floats xs = noise(count, 5);
    const Floats tops = noise(outputs, 6);
    // A difference across the bend at zero is no derivative.
    for (float& x : xs) { x = std::fabs(x) < 0x1p-5f ? x + 0x1p-3f : x; }
    float *x = on_device(xs), *y = unread(outputs), *top = on_device(tops), *dx = unread(count);
    const auto value = [&](std::size_t at, float step) {
        Floats moved = xs;
        moved[at] += step;
        OK(cuMemcpyHtoD_v2(reinterpret_cast<Address>(x), moved.data(), count * 4));
        forward(x, y);
        return dot(result(dnn, y, outputs), tops);
    };
    std::vector<double> expected;
    for (std::size_t i = 0; i < count; i++) { expected.push_back((value(i, 0x1p-6f) - value(i, -0x1p-6f)) / 0x1p-5); }
    value(0, 0);
    backward(y, top, x, dx);
    const Floats got = result(dnn, dx, count);
    for (std::size_t i = 0; i < count; i++) { NEAR(got[i], expected[i], tolerance); }
}

}  // namespace

TEST(pooling_by_hand) {
    Dnn dnn;
    Handle x = tensor(1, 1, 3, 3), y = tensor(1, 1, 2, 2);
    float *xs = on_device({1, 2, 3, 4, 5, 6, 7, 8, 9}), *ys = unread(4);
    OK(cudnnPoolingForward(dnn.handle, pooling(Max, 1, 2, 0, 1), &One, x, xs, &Zero, y, ys));
    SAME(result(dnn, ys, 4), ({5, 6, 8, 9}));
    Handle padded = pooling(Max, 1, 3, 1, 2);
    int n, c, h, w;
    OK(cudnnGetPooling2dForwardOutputDim(padded, x, &n, &c, &h, &w));
    EQUAL(h, 2);
    OK(cudnnPoolingForward(dnn.handle, padded, &One, x, xs, &Zero, y, ys));
    SAME(result(dnn, ys, 4), ({5, 6, 8, 9}));
    OK(cudnnPoolingForward(dnn.handle, pooling(Inclusive, 1, 3, 1, 2), &One, x, xs, &Zero, y, ys));
    CLOSE(result(dnn, ys, 4), (Floats{12 / 9.0f, 16 / 9.0f, 24 / 9.0f, 28 / 9.0f}), 1e-6);
    OK(cudnnPoolingForward(dnn.handle, pooling(Exclusive, 1, 3, 1, 2), &Two, x, xs, &Zero, y, ys));
    SAME(result(dnn, ys, 4), ({6, 8, 12, 14}));
    // A border is not a zero: the maximum of negative numbers stays negative.
    float* negative = on_device({-1, -2, -3, -4, -5, -6, -7, -8, -9});
    OK(cudnnPoolingForward(dnn.handle, padded, &One, x, negative, &Zero, y, ys));
    SAME(result(dnn, ys, 4), ({-1, -2, -4, -5}));
}

TEST(pooling_ties_and_nan) {
    Dnn dnn;
    Handle x = tensor(1, 1, 2, 2), y = tensor(1, 1, 1, 1);
    float *ys = unread(1), *dxs = unread(4), *top = on_device({3});
    const auto back = [&](Floats values, int nan) {
        Handle pool = pooling(MaxDeterministic, nan, 2, 0, 2);
        float* xs = on_device(values);
        OK(cudnnPoolingForward(dnn.handle, pool, &One, x, xs, &Zero, y, ys));
        OK(cudnnPoolingBackward(dnn.handle, pool, &One, y, ys, y, top, x, xs, &Zero, x, dxs));
        return result(dnn, dxs, 4);
    };
    SAME(back({1, 2, 2, 2}, 1), ({0, 3, 0, 0}));
    SAME(back({1, 2, NAN, 9}, 1), ({0, 0, 3, 0}));
    SAME(result(dnn, ys, 1), ({NAN}));
    SAME(back({1, 2, NAN, 9}, 0), ({0, 0, 0, 3}));
    SAME(result(dnn, ys, 1), ({9}));
}

TEST(pooling_gradients_add_where_windows_overlap) {
    Dnn dnn;
    Handle x = tensor(1, 1, 1, 3), y = tensor(1, 1, 1, 2);
    Handle pool;
    OK(cudnnCreatePoolingDescriptor(&pool));
    OK(cudnnSetPooling2dDescriptor(pool, MaxDeterministic, 1, 1, 2, 0, 0, 1, 1));
    float *xs = on_device({1, 5, 2}), *ys = on_device({5, 5}), *top = on_device({3, 4}), *dx = on_device({1, 1, 1});
    OK(cudnnPoolingBackward(dnn.handle, pool, &One, y, ys, y, top, x, xs, &Two, x, dx));
    SAME(result(dnn, dx, 3), ({2, 9, 2}));
    OK(cudnnSetPooling2dDescriptor(pool, Inclusive, 1, 1, 2, 0, 0, 1, 1));
    OK(cudnnPoolingBackward(dnn.handle, pool, &Two, y, ys, y, top, x, xs, &Zero, x, dx));
    SAME(result(dnn, dx, 3), ({3, 7, 4}));
    // The plain maximum's sums come out otherwise each time.
    OK(cudnnSetPooling2dDescriptor(pool, Max, 1, 1, 2, 0, 0, 1, 1));
    OK(cudnnPoolingBackward(dnn.handle, pool, &One, y, ys, y, top, x, xs, &Zero, x, dx));
    const Floats first = result(dnn, dx, 3);
    bool differs = false;
    for (int i = 0; i < 3; i++) {
        OK(cudnnPoolingBackward(dnn.handle, pool, &One, y, ys, y, top, x, xs, &Zero, x, dx));
        differs = differs || result(dnn, dx, 3) != first;
    }
    CHECK(differs);
}

TEST(pooling_arguments) {
    Dnn dnn;
    Handle pool;
    OK(cudnnCreatePoolingDescriptor(&pool));
    EQUAL(cudnnSetPooling2dDescriptor(pool, 4, 0, 2, 2, 0, 0, 1, 1), 2000);
    EQUAL(cudnnSetPooling2dDescriptor(pool, 0, 0, 0, 2, 0, 0, 1, 1), 2000);
    EQUAL(cudnnSetPooling2dDescriptor(pool, 0, 0, 2, 2, 2, 0, 1, 1), 2000);
    EQUAL(cudnnSetPooling2dDescriptor(pool, 0, 2, 2, 2, 0, 0, 1, 1), 2000);
    float* data = unread(16);
    EQUAL(cudnnPoolingForward(dnn.handle, pool, &One, tensor(1, 1, 2, 2), data, &Zero, tensor(1, 1, 1, 1), data), 2000);
    OK(cudnnSetPooling2dDescriptor(pool, 0, 0, 2, 2, 0, 0, 2, 2));
    EQUAL(cudnnPoolingForward(dnn.handle, pool, &One, tensor(1, 1, 3, 3), data, &Zero, tensor(1, 1, 2, 2), data), 2000);
    EQUAL(cudnnPoolingForward(dnn.handle, pool, nullptr, tensor(1, 1, 2, 2), data, &Zero, tensor(1, 1, 1, 1), data), 2002);
}

TEST(average_pooling_gradients) {
    Dnn dnn;
    for (int mode : {Inclusive, Exclusive}) {
        Handle x = tensor(1, 2, 4, 5), y = tensor(1, 2, 2, 3), pool = pooling(mode, 1, 3, 1, 2);
        check_gradient(dnn, 40, 12,
            [&](const float* from, float* to) { OK(cudnnPoolingForward(dnn.handle, pool, &One, x, from, &Zero, y, to)); },
            [&](const float* value, const float* top, const float* from, float* to) {
                OK(cudnnPoolingBackward(dnn.handle, pool, &One, y, value, y, top, x, from, &Zero, x, to));
            }, 1e-4);
    }
}

TEST(activations) {
    Dnn dnn;
    Handle t = tensor(1, 1, 1, 4);
    float *x = on_device({-1, 0, 2, NAN}), *y = unread(4), *dy = on_device({1, 1, 1, 1}), *dx = unread(4);
    const auto run = [&](Handle act) {
        OK(cudnnActivationForward(dnn.handle, act, &One, t, x, &Zero, t, y));
        return result(dnn, y, 4);
    };
    SAME(run(activation(1)), ({0, 0, 2, 0}));
    SAME(run(activation(1, 0, 1)), ({0, 0, 2, NAN}));
    OK(cudnnActivationBackward(dnn.handle, activation(1), &One, t, y, t, dy, t, x, &Zero, t, dx));
    SAME(result(dnn, dx, 4), ({0, 0, 1, 0}));
    SAME(run(activation(3, 1.5)), ({0, 0, 1.5f, 0}));
    CLOSE(run(activation(0)), (Floats{0.26894142f, 0.5f, 0.880797f, NAN}), 1e-7);
    CLOSE(run(activation(4, 2)), (Floats{-1.2642411f, 0, 2, NAN}), 1e-6);
    EQUAL(cudnnActivationForward(dnn.handle, activation(5), &One, t, x, &Zero, t, y), 2000);
    for (int mode : {0, 2, 4, 6}) {
        Handle act = activation(mode, 1), eight = tensor(2, 2, 1, 2);
        check_gradient(dnn, 8, 8,
            [&](const float* from, float* to) { OK(cudnnActivationForward(dnn.handle, act, &One, eight, from, &Zero, eight, to)); },
            [&](const float* value, const float* top, const float* from, float* to) {
                OK(cudnnActivationBackward(dnn.handle, act, &One, eight, value, eight, top, eight, from, &Zero, eight, to));
            }, 2e-4);
    }
}

TEST(lrn) {
    Dnn dnn;
    Handle lrn, t = tensor(1, 4, 1, 1);
    OK(cudnnCreateLRNDescriptor(&lrn));
    EQUAL(cudnnSetLRNDescriptor(lrn, 17, 1, 1, 1), 2000);
    EQUAL(cudnnSetLRNDescriptor(lrn, 0, 1, 1, 1), 2000);
    EQUAL(cudnnSetLRNDescriptor(lrn, 3, 1, 0.001, 1), 2000);
    EQUAL(cudnnSetLRNDescriptor(lrn, 3, 1, 1, 1e-6), 2000);
    // alpha 3 over n = 3 is 1: y_0 = 1 / (1 + 1 + 4), y_1 = 2 / (1 + 1 + 4 + 9), ...
    OK(cudnnSetLRNDescriptor(lrn, 3, 3, 1, 1));
    float *x = on_device({1, 2, 3, 4}), *y = unread(4);
    OK(cudnnLRNCrossChannelForward(dnn.handle, lrn, 0, &One, t, x, &Zero, t, y));
    CLOSE(result(dnn, y, 4), (Floats{1 / 6.0f, 2 / 15.0f, 3 / 30.0f, 4 / 26.0f}), 1e-7);
    // n = 2: the window is the channel and the next.
    OK(cudnnSetLRNDescriptor(lrn, 2, 2, 1, 1));
    OK(cudnnLRNCrossChannelForward(dnn.handle, lrn, 0, &One, t, x, &Zero, t, y));
    CLOSE(result(dnn, y, 4), (Floats{1 / 6.0f, 2 / 14.0f, 3 / 26.0f, 4 / 17.0f}), 1e-7);
    EQUAL(cudnnLRNCrossChannelForward(dnn.handle, lrn, 1, &One, t, x, &Zero, t, y), 2000);
    for (unsigned n : {1u, 2u, 4u, 5u}) {
        OK(cudnnSetLRNDescriptor(lrn, n, 1.5, 0.75, 1.25));
        Handle wide = tensor(2, 6, 1, 2);
        check_gradient(dnn, 24, 24,
            [&](const float* from, float* to) { OK(cudnnLRNCrossChannelForward(dnn.handle, lrn, 0, &One, wide, from, &Zero, wide, to)); },
            [&](const float* value, const float* top, const float* from, float* to) {
                OK(cudnnLRNCrossChannelBackward(dnn.handle, lrn, 0, &One, wide, value, wide, top, wide, from, &Zero, wide, to));
            }, 5e-4);
    }
}

TEST(softmax) {
    Dnn dnn;
    Handle t = tensor(1, 2, 1, 2);
    float *x = on_device({0, 100, 0, 100}), *y = unread(4);
    OK(cudnnSoftmaxForward(dnn.handle, 1, 1, &One, t, x, &Zero, t, y));
    SAME(result(dnn, y, 4), ({0.5f, 0.5f, 0.5f, 0.5f}));
    OK(cudnnSoftmaxForward(dnn.handle, 1, 0, &One, t, x, &Zero, t, y));
    CLOSE(result(dnn, y, 4), (Floats{0, 0.5f, 0, 0.5f}), 1e-20);
    OK(cudnnSoftmaxForward(dnn.handle, 0, 1, &One, t, x, &Zero, t, y));
    SAME(result(dnn, y, 4), ({0.5f, NAN, 0.5f, NAN}));
    OK(cudnnSoftmaxForward(dnn.handle, 2, 1, &One, t, x, &Zero, t, y));
    CLOSE(result(dnn, y, 4), Floats(4, -0.6931472f), 1e-7);
    EQUAL(cudnnSoftmaxForward(dnn.handle, 3, 1, &One, t, x, &Zero, t, y), 2000);
    for (int algorithm : {0, 1, 2}) {
        for (int mode : {0, 1}) {
            Handle wide = tensor(2, 3, 2, 1);
            check_gradient(dnn, 12, 12,
                [&](const float* from, float* to) { OK(cudnnSoftmaxForward(dnn.handle, algorithm, mode, &One, wide, from, &Zero, wide, to)); },
                [&](const float* value, const float* top, const float*, float* to) {
                    OK(cudnnSoftmaxBackward(dnn.handle, algorithm, mode, &One, wide, value, wide, top, &Zero, wide, to));
                }, 1e-4);
        }
    }
}

TEST(element_wise_calls) {
    Dnn dnn;
    Handle t = tensor(1, 2, 1, 2), perChannel = tensor(1, 2, 1, 1), op;
    OK(cudnnCreateOpTensorDescriptor(&op));
    float *a = on_device({1, 4, 9, 16}), *b = on_device({10, 20}), *c = unread(4);
    const auto run = [&](int kind, const float* beta) {
        OK(cudnnSetOpTensorDescriptor(op, kind, 0, 1));
        OK(cudnnOpTensor(dnn.handle, op, &Two, t, a, &One, perChannel, b, beta, t, c));
        return result(dnn, c, 4);
    };
    SAME(run(0, &Zero), ({12, 18, 38, 52}));
    SAME(run(1, &One), ({32, 98, 398, 692}));
    SAME(run(2, &Zero), ({2, 8, 18, 20}));
    SAME(run(3, &Zero), ({10, 10, 20, 32}));
    CLOSE(run(4, &Zero), (Floats{1.4142135f, 2.828427f, 4.2426407f, 5.656854f}), 1e-6);
    SAME(run(5, &Zero), ({-1, -7, -17, -31}));
    EQUAL(cudnnOpTensor(dnn.handle, op, &One, perChannel, b, &One, t, a, &Zero, t, c), 2000);
    EQUAL(cudnnSetOpTensorDescriptor(op, 6, 0, 1), 2000);
    OK(cudnnAddTensor(dnn.handle, &One, perChannel, b, &Two, t, a));
    SAME(result(dnn, a, 4), ({12, 18, 38, 52}));
    EQUAL(cudnnAddTensor(dnn.handle, &One, t, a, &One, perChannel, b), 2000);
    OK(cudnnScaleTensor(dnn.handle, t, a, &Half));
    SAME(result(dnn, a, 4), ({6, 9, 19, 26}));
    float value = 7;
    OK(cudnnSetTensor(dnn.handle, perChannel, b, &value));
    value = 8;
    SAME(result(dnn, b, 2), ({7, 7}));
    EQUAL(cudnnTransformTensor(dnn.handle, &One, t, a, &Zero, t, a), 2000);
    Handle half;
    OK(cudnnCreateTensorDescriptor(&half));
    OK(cudnnSetTensor4dDescriptor(half, 0, 2, 1, 1, 1, 1));
    EQUAL(cudnnScaleTensor(dnn.handle, half, a, &Half), 3000);
}

TEST(reductions) {
    Dnn dnn;
    Handle t = tensor(2, 2, 1, 2), perChannel = tensor(1, 2, 1, 1), reduce;
    OK(cudnnCreateReduceTensorDescriptor(&reduce));
    float *a = on_device({1, -2, 3, 0, 5, -6, 7, 8}), *c = unread(2);
    std::size_t bytes = 0;
    OK(cudnnSetReduceTensorDescriptor(reduce, 0, 0, 1, 0, 0));
    OK(cudnnGetReductionWorkspaceSize(dnn.handle, reduce, t, perChannel, &bytes));
    CHECK(bytes > 0);
    float* workspace = unread(bytes / 4);
    const auto run = [&](int op, const float* beta = &Zero) {
        OK(cudnnSetReduceTensorDescriptor(reduce, op, 0, 1, 0, 0));
        OK(cudnnReduceTensor(dnn.handle, reduce, nullptr, 0, workspace, bytes, &One, t, a, beta, perChannel, c));
        return result(dnn, c, 2);
    };
    SAME(run(0), ({-2, 18}));
    SAME(run(1), ({60, 0}));
    SAME(run(2), ({-6, 0}));
    SAME(run(3), ({5, 8}));
    SAME(run(4), ({6, 8}));
    SAME(run(5), ({-0.5f, 4.5f}));
    SAME(run(6), ({14, 18}));
    CLOSE(run(7), (Floats{8.124038f, 11.045361f}), 1e-5);
    SAME(run(8), ({60, 168}));
    SAME(run(0, &Two), ({118, 354}));
    EQUAL(cudnnReduceTensor(dnn.handle, reduce, nullptr, 0, workspace, bytes - 1, &One, t, a, &Zero, perChannel, c), 2001);
    EQUAL(cudnnReduceTensor(dnn.handle, reduce, nullptr, 0, workspace, bytes, &One, t, a, &Zero, tensor(1, 2, 1, 3), c), 2000);
    OK(cudnnSetReduceTensorDescriptor(reduce, 3, 0, 1, 1, 0));
    float* indices = unread(2);
    OK(cudnnReduceTensor(dnn.handle, reduce, indices, 8, workspace, bytes, &One, t, a, &Zero, perChannel, c));
    OK(cuStreamSynchronize(dnn.stream));
    EQUAL(read_back<int>(reinterpret_cast<Address>(indices)), 2);       // 5 is third of 1, -2, 5, -6
    EQUAL(read_back<int>(reinterpret_cast<Address>(indices) + 4), 3);
}

TEST(dnn_work_is_captured) {
    Dnn dnn;
    Handle t = tensor(1, 1, 1, 2), graph, exec;
    float* x = on_device({1, 2});
    OK(cuStreamBeginCapture_v2(dnn.stream, 1));
    OK(cudnnScaleTensor(dnn.handle, t, x, &Two));
    OK(cuStreamEndCapture(dnn.stream, &graph));
    OK(cuGraphInstantiateWithFlags(&exec, graph, 0));
    SAME(result(dnn, x, 2), ({1, 2}));
    OK(cuGraphLaunch(exec, dnn.stream));
    OK(cuGraphLaunch(exec, dnn.stream));
    SAME(result(dnn, x, 2), ({4, 8}));
    OK(cuStreamBeginCapture_v2(dnn.stream, 1));
    Handle second;
    EQUAL(cudnnCreate(&second), 5001);
    EQUAL(cudnnScaleTensor(dnn.handle, t, x, &Two), 5001);
    EQUAL(cuStreamEndCapture(dnn.stream, &graph), 901);
}
