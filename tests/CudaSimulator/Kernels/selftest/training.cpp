// What training does beside running the network, against the definitions in double.
#include "test.h"

TEST(softmax_loss_of_rows)
{
    Random random(41);
    for (int classes : {1, 3, 10, 67, 1000})
    for (float factor : {1.0f, 0.01f})
    {
        int rows = 37;
        Floats logits = random.array((i64)rows * classes, -4, 4), signal(logits.size());
        Array<int> labels(rows), predictions(rows);
        Array<double> losses(rows);
        for (int row = 0; row < rows; row++)
            labels[row] = row % 5 == 4 ? -1 : random.below(classes);
        // The first of equals wins.
        logits[0] = logits[classes - 1] = 5;
        std::vector<double> expected(logits.size()), loss(rows);
        std::vector<int> first(rows);
        for (int row = 0; row < rows; row++)
        {
            const float* x = &logits[(i64)row * classes];
            double sum = 0;
            for (int c = 0; c < classes; c++)
            {
                sum += std::exp((double)x[c]);
                first[row] = x[c] > x[first[row]] ? c : first[row];
            }

            for (int c = 0; labels[row] >= 0 && c < classes; c++)
                expected[(i64)row * classes + c] = factor * (std::exp((double)x[c]) / sum - (c == labels[row]));
            loss[row] = labels[row] < 0 ? 0 : std::log(sum) - x[labels[row]];
        }

        launch("softmax_loss", 2, 64, (const float*)logits.data(), (const int*)labels.data(), signal.data(), losses.data(), predictions.data(), factor,
            (i64)rows, classes);
        check_near(expected, signal, 1e-5, 1e-6, "signal");
        check_equal(first, predictions, "prediction");
        for (int row = 0; row < rows; row++)
            check(std::abs(loss[row] - losses[row]) <= 1e-5 * (1 + loss[row]), "loss " + std::to_string(row));
    }
}

TEST(softmax_loss_of_a_label_that_is_no_class)
{
    Floats logits = {1, 2, 3, 4}, signal(4);
    Array<int> labels = {2, 0}, predictions(2);
    Array<double> losses(2);
    launch("softmax_loss", 1, 32, (const float*)logits.data(), (const int*)labels.data(), signal.data(), losses.data(), predictions.data(), 1.0f, (i64)2, 2);
    check(std::isnan(losses[0]) && std::isnan(signal[0]) && std::isnan(signal[1]), "the row is missing");
    check(!std::isnan(losses[1]) && predictions[0] == 1, "the other is not");
}

TEST(steps_of_weights)
{
    Random random(42);
    for (bool remembers : {true, false})
    for (float decay : {0.0f, 0.01f})
    {
        i64 count = 301;
        Floats w = random.array(count), momentum(count, 0), rates = {0.5f, 0.05f, 0.2f};
        std::vector<double> place(w.begin(), w.end()), speed(count, 0);
        Array<int> iteration = {0};
        for (int step = 0; step < 3; step++)
        {
            Floats gradient = random.array(count);
            launch("descent_step", 1, 64, w.data(), (const float*)gradient.data(), remembers ? momentum.data() : (float*)nullptr, (const float*)rates.data(),
                (const int*)iteration.data(), 0.9f, decay, count);
            for (i64 i = 0; i < count; i++)
            {
                speed[i] = (remembers ? 0.9 * speed[i] : 0) - decay * place[i] - gradient[i];
                place[i] += rates[step] * speed[i];
            }

            check_near(place, w, 1e-6, 1e-6, "w");
            iteration[0]++;
        }
    }
}

TEST(steps_by_squares)
{
    Random random(43);
    i64 count = 301;
    Floats w = random.array(count), squares(count, 0), rates = {0.5f, 0.05f, 0.2f};
    std::vector<double> place(w.begin(), w.end()), sums(count, 0);
    Array<int> iteration = {0};
    for (int step = 0; step < 3; step++)
    {
        Floats gradient = random.array(count);
        // A weight that no gradient has moved stays.
        gradient[0] = 0;
        launch("adagrad_step", 1, 64, w.data(), (const float*)gradient.data(), squares.data(), (const float*)rates.data(), (const int*)iteration.data(), 1e-8f, count);
        for (i64 i = 0; i < count; i++)
        {
            sums[i] += (double)gradient[i] * gradient[i];
            place[i] -= rates[step] * gradient[i] / (std::sqrt(sums[i]) + 1e-8f);
        }

        check_near(place, w, 1e-6, 1e-6, "w");
        iteration[0]++;
    }
}

TEST(factors_of_a_batch_norm)
{
    Random random(44);
    int channels = 67;
    Floats scale = random.array(channels), shift = random.array(channels), means = random.array(channels), factors(channels), summands(channels);
    Array<double> roots(channels);
    Floats exactFactors(channels), exactSummands(channels);
    for (int c = 0; c < channels; c++)
    {
        roots[c] = random.between(0.1f, 3);
        exactFactors[c] = (float)(scale[c] / roots[c]);
        exactSummands[c] = (float)(shift[c] - means[c] * (scale[c] / roots[c]));
    }

    launch("norm_factors", 1, 32, (const float*)scale.data(), (const float*)shift.data(), (const float*)means.data(), (const double*)roots.data(), factors.data(),
        summands.data(), channels);
    check_near(std::vector<double>(exactFactors.begin(), exactFactors.end()), factors, 1e-7, 0, "factor");
    check_near(std::vector<double>(exactSummands.begin(), exactSummands.end()), summands, 1e-7, 1e-7, "summand");
}
