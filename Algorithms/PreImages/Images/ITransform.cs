using Preimage.Layers.Loops;

namespace Preimage.Algorithms.PreImages.Images;

/// <summary>A linear step from the canvas to what the network takes, made for the array before it.</summary>
internal interface ITransform
{
    /// <summary>What it makes.</summary>
    DeviceArray<float> Output { get; }

    /// <summary>Where the derivative of the energy by that is put.</summary>
    DeviceArray<float> OutputGradient { get; }

    /// <summary>In a body: makes the output.</summary>
    void Forward();

    /// <summary>In a body: puts the derivative by the array before it in that one's gradient.</summary>
    void Backward();
}
