// What training does beside running the network (spec sections 4.1, 5.1): the loss, steps of weights, and what is made of them again. The bits of
// Cpu/Normalisation/SoftmaxLoss and of the steps in Cpu/Elementwise. What changes from iteration to iteration is read at the counter, as in preimage.cu.
#include "mathematics.h"
#include "sums.h"

// The cross-entropy of the softmax of each row of logits against its label: signal = factor (p - onehot), losses = ln sum - (x[label] - max), the
// difference in double, predictions = the first place of the maximum, 0 where there is none. A row with label -1 gets +0 and a loss of 0, one with a
// label that is no class not-a-number. Sixteen threads a row (sums.h): launch blocks of 256, one per 16 rows, or smaller ones where there are few.
KERNEL softmax_loss(const float* logits, const int* labels, float* signal, double* losses, int* predictions, float factor, i64 rows, int classes)
{
    SHARED Partials partials;
    Seat at = seat(true);
    for (i64 base = (i64)block_index() * at.lines; base < rows; base += (i64)block_count() * at.lines)
    {
        i64 row = base + at.line;
        // A thread without a row takes part in the joining only.
        int end = row < rows ? classes : 0, label = row < rows ? labels[row] : -1;
        const float* x = logits + row * classes;
        float* to = signal + row * classes;
        float largest = -infinity();
        for (int i = at.part; i < end; i += PARTIALS)
            largest = x[i] > largest ? x[i] : largest;
        largest = joined_maximum(partials, at, largest);

        // The first of the places is the largest of their negatives; a float has them exactly below 2^24.
        float place = -infinity();
        for (int i = at.part; i < end; i += PARTIALS)
            place = x[i] == largest && -(float)i > place ? -(float)i : place;
        place = joined_maximum(partials, at, place);

        float sum = 0;
        for (int i = at.part; label != -1 && i < end; i += PARTIALS)
        {
            float raised = exponential(x[i] - largest);
            to[i] = raised;
            sum = sum + raised;
        }

        sum = joined(partials, at, sum);
        bool isClass = label >= 0 && label < classes;
        float spoilt = isClass ? sum : not_a_number();
        for (int i = at.part; i < end; i += PARTIALS)
            to[i] = label == -1 ? 0.0f : factor * (to[i] / spoilt - (i == label ? 1.0f : 0.0f));
        if (row < rows && at.part == 0)
        {
            predictions[row] = place == -infinity() ? 0 : (int)-place;
            double off = isClass ? (double)x[label] - (double)largest : 0.0;
            losses[row] = label == -1 ? 0.0 : isClass ? (double)logarithm(sum) - off : (double)not_a_number();
        }
    }
}

// d = decay w + g; m = rho m - d; w += rate m, rate = rates[iteration]. Without momentum (null) w -= rate d.
KERNEL descent_step(float* w, const float* gradient, float* momentum, const float* rates, const int* iteration, float rho, float decay, i64 elements)
{
    float rate = rates[iteration[0]];
    for (i64 i = first_item(); i < elements; i += item_step())
    {
        float down = fused(decay, w[i], gradient[i]);
        if (!momentum)
        {
            w[i] = fused(-rate, down, w[i]);
            continue;
        }

        float speed = fused(rho, momentum[i], -down);
        momentum[i] = speed;
        w[i] = fused(rate, speed, w[i]);
    }
}

// s += g^2; w -= rate g / (sqrt(s) + epsilon), rate = rates[iteration].
KERNEL adagrad_step(float* w, const float* gradient, float* squares, const float* rates, const int* iteration, float epsilon, i64 elements)
{
    float rate = rates[iteration[0]];
    for (i64 i = first_item(); i < elements; i += item_step())
    {
        float g = gradient[i], s = fused(g, g, squares[i]);
        squares[i] = s;
        w[i] = w[i] - rate * g / (square_root(s) + epsilon);
    }
}

// The factor and the summand of each channel of a batch norm: factors = scale / roots, summands = shift - mean * that, in double, each rounded once.
KERNEL norm_factors(const float* scale, const float* shift, const float* means, const double* roots, float* factors, float* summands, int channels)
{
    for (i64 c = first_item(); c < channels; c += item_step())
    {
        double factor = scale[c] / roots[c];
        factors[c] = (float)factor;
        summands[c] = (float)(shift[c] - means[c] * factor);
    }
}
