namespace Preimage.Algorithms.PreImages;

/// <summary>What an optimiser moves to change an image.</summary>
public enum Parameterisation
{
    /// <summary>The pixels, as in Mahendran and Vedaldi 2016.</summary>
    Pixels,

    /// <summary>The image's spectrum, low frequencies of larger effect than high ones as in natural images, and of three channels the axes along which natural colours vary independently
    /// (Olah, Mordvintsev and Schubert, Feature Visualization, 2017). Regularisers act on the image; <see cref="PreImageOptions.BallRadius"/>, a bound of pixels, does not apply.</summary>
    Fourier,
}
