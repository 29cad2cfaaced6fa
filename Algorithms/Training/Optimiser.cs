using Preimage.Layers;
using Preimage.Layers.Loops;

namespace Preimage.Algorithms.Training;

/// <summary>How parameters follow the gradient of the loss.</summary>
/// <param name="Rate">The learning rate, above 0.</param>
public abstract record Optimiser(double Rate)
{
    /// <summary>What is kept of each parameter beside its value, by name; empty for nothing.</summary>
    internal abstract IReadOnlyList<string> States { get; }

    /// <summary>What the operators read of each iteration.</summary>
    internal virtual int RatesPerStep => 1;

    /// <summary>Writes what the operators read of some iterations.</summary>
    /// <param name="first">The first iteration's number since training began, from 0.</param>
    /// <param name="factor">What the learning rate is multiplied by.</param>
    /// <param name="rates">Receives <see cref="RatesPerStep"/> numbers of each.</param>
    internal virtual void FillRates(long first, double factor, Span<float> rates) => rates.Fill((float)(Rate * factor));

    /// <summary>Asks for a step of one parameter.</summary>
    /// <param name="arrays">The operators.</param>
    /// <param name="w">The parameter.</param>
    /// <param name="gradient">Its gradient.</param>
    /// <param name="states">As many arrays as there are <see cref="States"/>.</param>
    /// <param name="rates">By iteration.</param>
    internal abstract void Step(IArrayOperators arrays, DeviceArray<float> w, DeviceArray<float> gradient, DeviceArray<float>[] states, DeviceArray<float> rates);

    /// <summary>Throws where a number is out of range.</summary>
    /// <exception cref="PreimageException">It is; the message names it.</exception>
    internal virtual void Validate() => Require("learning rate", Rate, Rate > 0, "above 0");

    private protected static void Require(string name, double value, bool fits, string range)
    {
        if (!fits || !double.IsFinite(value))
            throw new PreimageException($"training with a {name} of {value}: it must be {range}");
    }
}

/// <summary>Stochastic gradient descent: m = momentum m - decay w - gradient, w += rate m.</summary>
/// <param name="Rate">The learning rate, above 0.</param>
/// <param name="Momentum">What is kept of the step before, 0 to below 1.</param>
/// <param name="Decay">What is drawn from each weight, biases included, at least 0.</param>
public sealed record Sgd(double Rate, double Momentum = 0, double Decay = 0) : Optimiser(Rate)
{
    internal override IReadOnlyList<string> States => Momentum > 0 ? ["momentum"] : [];

    internal override void Step(IArrayOperators arrays, DeviceArray<float> w, DeviceArray<float> gradient, DeviceArray<float>[] states, DeviceArray<float> rates) =>
        arrays.DescentStep(w, gradient, states.Length > 0 ? states[0] : null, rates, (float)Momentum, (float)Decay);

    internal override void Validate()
    {
        base.Validate();
        Require("momentum", Momentum, Momentum is >= 0 and < 1, "at least 0 and below 1");
        Require("weight decay", Decay, Decay >= 0, "at least 0");
    }
}

/// <summary>Adam: Kingma and Ba 2015, Algorithm 1.</summary>
/// <param name="Rate">The learning rate, above 0.</param>
/// <param name="B1">What is kept of the mean of gradients, 0 to below 1.</param>
/// <param name="B2">What is kept of the mean of their squares, 0 to below 1.</param>
/// <param name="Epsilon">Added to the root, above 0.</param>
public sealed record Adam(double Rate = 0.001, double B1 = 0.9, double B2 = 0.999, double Epsilon = 1e-8) : Optimiser(Rate)
{
    internal override IReadOnlyList<string> States => ["mean", "variance"];

    internal override int RatesPerStep => 2;

    internal override void FillRates(long first, double factor, Span<float> rates)
    {
        for (int i = 0; 2 * i < rates.Length; i++)
        {
            double t = first + i + 1;
            rates[2 * i] = (float)(Rate * factor / (1 - Math.Pow(B1, t)));
            rates[2 * i + 1] = (float)(1 / Math.Sqrt(1 - Math.Pow(B2, t)));
        }
    }

    internal override void Step(IArrayOperators arrays, DeviceArray<float> w, DeviceArray<float> gradient, DeviceArray<float>[] states, DeviceArray<float> rates) =>
        arrays.AdamStep(w, gradient, states[0], states[1], rates, (float)B1, (float)B2, (float)Epsilon, float.PositiveInfinity);

    internal override void Validate()
    {
        base.Validate();
        Require("b1", B1, B1 is >= 0 and < 1, "at least 0 and below 1");
        Require("b2", B2, B2 is >= 0 and < 1, "at least 0 and below 1");
        Require("epsilon", Epsilon, Epsilon > 0, "above 0");
    }
}

/// <summary>AdaGrad (Duchi, Hazan and Singer 2011): squares += gradient^2, w -= rate gradient / (sqrt(squares) + epsilon).</summary>
/// <param name="Rate">The learning rate, above 0.</param>
/// <param name="Epsilon">Added to the root, above 0.</param>
public sealed record AdaGrad(double Rate = 0.01, double Epsilon = 1e-8) : Optimiser(Rate)
{
    internal override IReadOnlyList<string> States => ["squares"];

    internal override void Step(IArrayOperators arrays, DeviceArray<float> w, DeviceArray<float> gradient, DeviceArray<float>[] states, DeviceArray<float> rates) =>
        arrays.AdaGradStep(w, gradient, states[0], rates, (float)Epsilon);

    internal override void Validate()
    {
        base.Validate();
        Require("epsilon", Epsilon, Epsilon > 0, "above 0");
    }
}
