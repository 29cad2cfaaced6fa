namespace Preimage.Algorithms.PreImages;

/// <summary>How images follow the gradient of the energy.</summary>
public enum Optimiser
{
    /// <summary>Algorithm 1 of Mahendran and Vedaldi 2016: AdaGrad over a window, with momentum.</summary>
    Windowed,

    /// <summary>Plain gradient descent with momentum.</summary>
    Momentum,

    /// <summary>Kingma and Ba 2015, with b1 = <see cref="PreImageOptions.Rho"/> and b2 = 0.999.</summary>
    Adam,
}
