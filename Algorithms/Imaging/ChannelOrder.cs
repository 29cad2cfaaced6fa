namespace Preimage.Algorithms.Imaging;

/// <summary>The order of a network's input channels.</summary>
public enum ChannelOrder
{
    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Blue, green, red, as Caffe's networks take them.</summary>
    Bgr,

    /// <summary>Grey; replicated when the network has three channels.</summary>
    Grey,
}
