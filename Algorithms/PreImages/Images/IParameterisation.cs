using Preimage.Layers.Loops;

namespace Preimage.Algorithms.PreImages.Images;

/// <summary>What an optimiser moves, and the canvas that it stands for.</summary>
internal interface IParameterisation
{
    /// <summary>What the optimiser moves, a row for each image.</summary>
    DeviceArray<float> Variables { get; }

    /// <summary>Receives the derivative of the energy by the variables.</summary>
    DeviceArray<float> Gradient { get; }

    /// <summary>The images: pixel units less the centre.</summary>
    DeviceArray<float> Canvas { get; }

    /// <summary>Receives the derivative of the energy by the canvas.</summary>
    DeviceArray<float> CanvasGradient { get; }

    /// <summary>Outside of bodies: the variables of a canvas.</summary>
    void Load(ReadOnlySpan<float> canvas);

    /// <summary>In a body: makes the canvas of the variables.</summary>
    void Forward();

    /// <summary>In a body: makes the gradient of the canvas's.</summary>
    void Backward();
}
