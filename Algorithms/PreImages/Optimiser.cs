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

    /// <summary>L-BFGS with a history of 10 steps and a line search (Nocedal and Wright 2006, chapter 7): fewer iterations where the energy is smooth; with rectifiers and max pooling none fewer:
    /// inverting SqueezeNet's fire2, fire4 and fire8 without jitter, 300 evaluations ended 0.3, 0.5 and 13 % above <see cref="Windowed"/>. An iteration is an evaluation of the
    /// energy, images run one after another, and their best evaluation is the result. Without jitter and transforms, between which energies cannot be compared, and without
    /// <see cref="PreImageOptions.BallRadius"/>.</summary>
    LBfgs,
}
