namespace Preimage.Algorithms.Imaging;

public sealed partial record Preprocessing
{
    /// <summary>ImageNet as torchvision's models take it: short side 256, crop, RGB 0..1, normalised per channel.</summary>
    public static Preprocessing ImageNetTorch { get; } = new()
    {
        Name = "imagenet-torch",
        Resize = ResizeRule.ShortSide(256),
        Crop = CropRule.ToNetwork,
        Scale = 1.0 / 255,
        Mean = [0.485, 0.456, 0.406],
        Std = [0.229, 0.224, 0.225],
    };

    /// <summary>ImageNet as Caffe's models take it: 256x256 whatever the aspect, crop, BGR 0..255 less the mean colour.</summary>
    public static Preprocessing ImageNetCaffe { get; } = new()
    {
        Name = "imagenet-caffe",
        Resize = ResizeRule.Exact(256, 256),
        Crop = CropRule.ToNetwork,
        Order = ChannelOrder.Bgr,
        Mean = [104, 117, 123],
    };

    /// <summary>RGB 0..1 at the network's size.</summary>
    public static Preprocessing Unit { get; } = new() { Name = "unit", Scale = 1.0 / 255 };

    /// <summary>Grey 0..255/256 at the network's size, as Caffe's LeNet takes digits.</summary>
    public static Preprocessing Mnist { get; } = new() { Name = "mnist", Order = ChannelOrder.Grey, Scale = 1.0 / 256 };

    /// <summary>RGB 0..255 at the network's size.</summary>
    public static Preprocessing Raw { get; } = new() { Name = "raw" };

    /// <summary>The settings that have a name.</summary>
    public static IReadOnlyList<Preprocessing> Presets { get; } = [ImageNetTorch, ImageNetCaffe, Unit, Mnist, Raw];

    /// <summary>The preset of that name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists the names there are.</exception>
    public static Preprocessing ByName(string name) => Presets.FirstOrDefault(preset => preset.Name == name)
        ?? throw new ArgumentException(
            $"No preprocessing is called '{name}'; there are {string.Join(", ", Presets.Select(preset => preset.Name))}.", nameof(name));
}
