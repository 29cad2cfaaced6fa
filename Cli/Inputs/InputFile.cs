using Preimage.Algorithms.Imaging;
using Preimage.Layers;

namespace Preimage.Cli.Inputs;

/// <summary>Refuses what cannot be the file that was meant, saying what it is; the system's own words would be "access denied".</summary>
internal static class InputFile
{
    // Enough to tell picture formats apart.
    const int StartBytes = 16;

    static readonly (string[] Extensions, string Advice)[] s_foreign =
    [
        ([".pt", ".pth", ".ckpt"], "a PyTorch file; export the model in Python: torch.onnx.export(model, example_input, \"model.onnx\")"),
        ([".h5", ".keras", ".tflite"], "a TensorFlow file; export the model in Python: python -m tf2onnx.convert --keras model.h5 --output model.onnx"),
        ([".safetensors", ".npz"], "weights without a network; in code, Topology.ByName(...).WithWeights(...) takes them"),
    ];

    /// <summary>The path of a file that is there.</summary>
    /// <param name="path">The path as it was given.</param>
    /// <param name="folderAdvice">What to do where it is a folder.</param>
    /// <exception cref="PreimageException">It is a folder, or not there.</exception>
    public static string Require(string path, string folderAdvice = "a file is wanted") =>
        Directory.Exists(path) ? throw new PreimageException($"{path} is a folder: {folderAdvice}")
        : File.Exists(path) ? path : throw new PreimageException($"there is no file {path}");

    /// <summary>The path of a picture or array.</summary>
    public static string RequireImage(string path) => Require(path, $"name the pictures in it, such as {Path.TrimEndingDirectorySeparator(path)}/*.png");

    /// <summary>The path of a model, or of what may be one.</summary>
    public static string RequireModel(string path)
    {
        Require(path, "the model's file is wanted");
        string extension = Path.GetExtension(path);
        foreach ((string[] extensions, string advice) in s_foreign)
        {
            if (extensions.Contains(extension, StringComparer.OrdinalIgnoreCase))
                throw new PreimageException($"{path} is {advice}");
        }

        var start = new byte[StartBytes];
        using FileStream stream = File.OpenRead(path);
        int read = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return ImageCodec.All.FirstOrDefault(c => c.Recognises(start.AsSpan(0, read))) is { } codec
            ? throw new PreimageException($"{path} is a picture ({codec.Name}), not a network: the model comes first, pictures behind it")
            : path;
    }
}
