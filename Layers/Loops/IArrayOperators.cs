namespace Preimage.Layers.Loops;

/// <summary>Arithmetic on arrays in a device's memory, in the order of its queue: what a search for images does beside running the network.</summary>
/// <remarks>
/// <para>Images are [rows][C][H][W], a row for each image. What is said of an iteration is read, when the work runs, at the place that the loop's own counter tells
/// (<see cref="DeviceLoop.Repeat"/>), from tables with an entry per iteration: so that a recorded iteration can be replayed.</para>
/// <para>Sums are of doubles and do not depend on threads or launch sizes; element-wise results are the same on every instruction set. Nothing is allocated.
/// An array of one row where several are expected serves all of them. Shapes that do not fit throw <see cref="ShapeException"/>.</para>
/// </remarks>
public interface IArrayOperators
{
    /// <summary>x = value.</summary>
    void Fill(DeviceArray<float> x, float value);

    /// <summary>to = from.</summary>
    void Copy(DeviceArray<float> from, DeviceArray<float> to);

    /// <summary>y += factor * x; x may have one row for all of y's.</summary>
    void Add(DeviceArray<float> x, DeviceArray<float> y, float factor = 1);

    /// <summary>y = x * factor; y may be x.</summary>
    void Scale(DeviceArray<float> x, DeviceArray<float> y, float factor);

    /// <summary>y[n, c, ..] = scale[c] * x[n, c, ..] + shift[c]; no shift where it is null. y may be x.</summary>
    void ScaleChannels(DeviceArray<float> x, DeviceArray<float> scale, DeviceArray<float>? shift, DeviceArray<float> y);

    /// <summary>residual = factor * mask * (x - target), element by element; target and mask may have one row for all, and a mask that is null is 1.</summary>
    void Residual(DeviceArray<float> x, DeviceArray<float> target, DeviceArray<float>? mask, float factor, DeviceArray<float> residual);

    /// <summary>results[first + row] = factor * the sum of the row.</summary>
    void Sum(DeviceArray<float> x, double factor, DeviceArray<double> results, int first);

    /// <summary>results[first + row] = factor * the sum of x * y over the row; y may be x, or have one row for all.</summary>
    void Dot(DeviceArray<float> x, DeviceArray<float> y, double factor, DeviceArray<double> results, int first);

    /// <summary>y[row] += factor * coefficients[first + row] * x[row]: what <see cref="Dot"/> found, on the device.</summary>
    void AddScaledRows(DeviceArray<float> x, DeviceArray<double> coefficients, int first, float factor, DeviceArray<float> y);

    /// <summary>values = 1 / sqrt(values) in single precision, 0 where they are not above 0: of squares that <see cref="Dot"/> found, what makes rows unit vectors.</summary>
    void InverseRoots(DeviceArray<double> values);

    /// <summary>c = alpha * op(a) op(b) + beta * c for row-major matrices: op(a) of m x k, op(b) of k x n, c of m x n; as many products as c holds, a and b each one matrix or as many.</summary>
    void Product(int m, int n, int k, DeviceArray<float> a, bool transposeA, DeviceArray<float> b, bool transposeB, float alpha, float beta, DeviceArray<float> c);

    /// <summary>results[first + row] = factor * the sum over pixels and channels of (d1^2 + d2^2)^(beta / 2), d1 and d2 the differences to the next column and the next row
    /// (0 in the last ones): the total variation of reference specification 6.1, without its normaliser.</summary>
    /// <param name="x">Images.</param>
    /// <param name="beta">At least 1.</param>
    /// <param name="factor">lambda / (H W V^beta).</param>
    /// <param name="results">Where energies go.</param>
    /// <param name="first">The place of the first row's.</param>
    void VariationEnergy(DeviceArray<float> x, float beta, double factor, DeviceArray<double> results, int first);

    /// <summary>gradient += factor * d/dx of that sum. The power whose root the derivative divides by is at least 1e-6.</summary>
    void VariationGradient(DeviceArray<float> x, float beta, float factor, DeviceArray<float> gradient);

    /// <summary>results[first + row] = factor * the sum over pixels of (n / bound^2)^(alpha / 2), n the sum of squares over channels: the bounded range of 6.1.</summary>
    /// <param name="x">Images.</param>
    /// <param name="alpha">At least 1.</param>
    /// <param name="bound">B, above 0.</param>
    /// <param name="factor">lambda / (H W).</param>
    /// <param name="results">Where energies go.</param>
    /// <param name="first">The place of the first row's.</param>
    void RangeEnergy(DeviceArray<float> x, float alpha, float bound, double factor, DeviceArray<double> results, int first);

    /// <summary>gradient += factor * d/dx of that sum. A pixel of norm 0 gets nothing.</summary>
    void RangeGradient(DeviceArray<float> x, float alpha, float bound, float factor, DeviceArray<float> gradient);

    /// <summary>crop = the window of each plane of the canvas whose first row and column are offsets[2 i] and offsets[2 i + 1], i the iteration.</summary>
    void Crop(DeviceArray<float> canvas, DeviceArray<float> crop, DeviceArray<int> offsets);

    /// <summary>The adjoint: canvas = the crop in its window, +0 around it.</summary>
    void CropBackward(DeviceArray<float> crop, DeviceArray<float> canvas, DeviceArray<int> offsets);

    /// <summary>y(v, u) = x at row t0 v + t1 u + t2 and column t3 v + t4 u + t5, bilinear, 0 outside; t0..t5 = transforms[6 i ..], i the iteration. Each entry must be invertible.</summary>
    void Warp(DeviceArray<float> x, DeviceArray<float> transforms, DeviceArray<float> y);

    /// <summary>The adjoint: x = the sum of what went from each of its pixels into y.</summary>
    void WarpBackward(DeviceArray<float> y, DeviceArray<float> transforms, DeviceArray<float> x);

    /// <summary>A step of Algorithm 1 of Mahendran and Vedaldi 2016: G = rho G + g^2; mu = rho mu - g / (1 / rate + sqrt(G)); x += mu; a pixel whose norm over channels is above
    /// the radius is drawn back to it.</summary>
    /// <param name="x">Images.</param>
    /// <param name="gradient">g.</param>
    /// <param name="squares">G; null for plain momentum: mu = rho mu - rate g.</param>
    /// <param name="momentum">mu.</param>
    /// <param name="rates">The learning rate of each iteration.</param>
    /// <param name="rho">What is kept of G and mu, 0 to 1.</param>
    /// <param name="radius">Infinite for none.</param>
    void MomentumStep(DeviceArray<float> x, DeviceArray<float> gradient, DeviceArray<float>? squares, DeviceArray<float> momentum, DeviceArray<float> rates, float rho, float radius);

    /// <summary>A step of Adam (Kingma and Ba 2015, Algorithm 1): m = b1 m + (1 - b1) g; v = b2 v + (1 - b2) g^2; x -= rate * m / (sqrt(v) * root + epsilon), where rates[2 i] is the rate
    /// over 1 - b1^t and rates[2 i + 1] is root, 1 / sqrt(1 - b2^t); then the radius as in <see cref="MomentumStep"/>.</summary>
    void AdamStep(DeviceArray<float> x, DeviceArray<float> gradient, DeviceArray<float> mean, DeviceArray<float> variance, DeviceArray<float> rates, float b1, float b2, float epsilon, float radius);

    /// <summary>A step of gradient descent with decay: m = rho m - decay w - g; w += rate m, or without momentum w -= rate (g + decay w) (spec section 5.1).</summary>
    /// <param name="w">What is learnt.</param>
    /// <param name="gradient">g.</param>
    /// <param name="momentum">m; null for none.</param>
    /// <param name="rates">The learning rate of each iteration.</param>
    /// <param name="rho">What is kept of m, 0 to 1.</param>
    /// <param name="decay">0 or more.</param>
    void DescentStep(DeviceArray<float> w, DeviceArray<float> gradient, DeviceArray<float>? momentum, DeviceArray<float> rates, float rho, float decay);

    /// <summary>A step of AdaGrad (Duchi, Hazan and Singer 2011): s += g^2; w -= rate g / (sqrt(s) + epsilon).</summary>
    /// <param name="w">What is learnt.</param>
    /// <param name="gradient">g.</param>
    /// <param name="squares">s.</param>
    /// <param name="rates">The learning rate of each iteration.</param>
    /// <param name="epsilon">Above 0.</param>
    void AdaGradStep(DeviceArray<float> w, DeviceArray<float> gradient, DeviceArray<float> squares, DeviceArray<float> rates, float epsilon);

    /// <summary>The cross-entropy of the softmax of each row of logits against its label, with its gradient and the likeliest class.</summary>
    /// <param name="logits">N rows of classes.</param>
    /// <param name="labels">N classes, from 0; a row with -1 counts for nothing, one with any other number gives not-a-number.</param>
    /// <param name="factor">What the gradient is multiplied by: 1 / N for that of the mean.</param>
    /// <param name="signal">factor * (softmax - 1 at the label); +0 where a row counts for nothing.</param>
    /// <param name="losses">N numbers: -ln of the label's probability; 0 where a row counts for nothing.</param>
    /// <param name="predictions">N classes: the first with the largest logit.</param>
    void SoftmaxLoss(DeviceArray<float> logits, DeviceArray<int> labels, float factor, DeviceArray<float> signal, DeviceArray<double> losses, DeviceArray<int> predictions);

    /// <summary>Notes an iteration: total[row] = the sum over terms of energies[term, row], the same into ring[i mod slots] as [slots][terms][rows]; where total is below lowest,
    /// best = x and lowest = total. Not-a-number is never the lowest; set lowest to infinity first.</summary>
    void Note(DeviceArray<double> energies, DeviceArray<double> ring, DeviceArray<double> total, DeviceArray<float> x, DeviceArray<float> best, DeviceArray<double> lowest);
}
