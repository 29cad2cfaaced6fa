using Preimage.Layers.Kinds;

namespace Preimage.Layers.Topologies;

/// <summary>Whose definition of a descriptor a network follows, where they differ.</summary>
public enum DescriptorMode
{
    /// <summary>The networks that Mahendran and Vedaldi 2016 invert (section 4.1 and their code).</summary>
    Paper,

    /// <summary>The VLFeat library's vl_hog (UoCTTI variant) and vl_dsift (its fast mode with a flat window), borders included.</summary>
    VlFeat,
}

/// <summary>What kind of HOG.</summary>
public sealed record HogOptions
{
    /// <summary>Whose definition.</summary>
    public DescriptorMode Mode { get; init; }

    /// <summary>How gradients are shared among the bins: hard for HOG, bilinear for HOGb.</summary>
    public BinningKind Binning { get; init; } = BinningKind.Hard;

    /// <summary>Whether bilinear bins go by the true angle in <see cref="DescriptorMode.VlFeat"/>, too, rather than by the library's (<see cref="BinningKind.BilinearByCosine"/>).</summary>
    public bool TrueAngles { get; init; }

    /// <summary>Undirected orientations O, 1 to 2048; there are twice as many directed ones.</summary>
    public int Orientations { get; init; } = 9;

    /// <summary>Planes of the picture: 1 for grey; of several each pixel takes the one with the longest gradient.</summary>
    public int Colours { get; init; } = 1;
}

/// <summary>What kind of dense SIFT.</summary>
public sealed record DenseSiftOptions
{
    /// <summary>Whose definition.</summary>
    public DescriptorMode Mode { get; init; }

    /// <summary>How gradients are shared among the 8 bins.</summary>
    public BinningKind Binning { get; init; } = BinningKind.Bilinear;

    /// <summary>Whether bilinear bins go by the true angle in <see cref="DescriptorMode.VlFeat"/>, too, rather than by the library's (<see cref="BinningKind.BilinearByCubic"/>).</summary>
    public bool TrueAngles { get; init; }

    /// <summary>Pixels between neighbouring descriptors; null for three cells, so that neighbours share one row of cells.</summary>
    public int? Step { get; init; }
}
