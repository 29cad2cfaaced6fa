using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.PreImages;
using Preimage.Interop.Cuda;
using Preimage.Layers;
using Preimage.Layers.Arrays;
using Preimage.Layers.Topologies;

namespace Preimage.Perf.Gpu;

/// <summary>Two searches for an image, each twice: a photo's HOG (300 iterations) and its SqueezeNet fire4 (300 and 50 more), on the GPU, on the processor, and by PyTorch on
/// the GPU from the same formulas (perf/Peers). The first time includes what is made on first use.</summary>
internal static partial class GpuSearches
{
    const string Node = "fire4/concat", Photo = "skimage/chelsea.png";
    const int Times = 2;

    /// <summary>Runs and prints a table; 3 where the GPU is the simulator, on which nothing is measured.</summary>
    public static int Run(Arguments arguments)
    {
        Device[] devices = [.. (arguments.List("--devices") ?? ["cuda:0", "cpu"]).Select(d => d == "cpu" ? Device.Cpu : Device.Cuda(0))];
        if (devices.Any(d => d != Device.Cpu) && CudaLibraries.IsSimulator)
        {
            Console.Error.WriteLine("gpu-searches: the CUDA driver in use is the simulator (it exports cusim_is_simulator): nothing measured on it is a speed, so nothing is measured");
            return GpuCommands.Refused;
        }

        string data = arguments.Value("--data") ?? Environment.GetEnvironmentVariable("PREIMAGE_DATA")
            ?? throw new PreimageException("gpu-searches needs the reference data's folder: --data, or PREIMAGE_DATA");
        Picture picture = Picture.Load(Path.Combine(data, "photos", Photo)), grey = picture.ToGrey();
        string model = Path.Combine(data, "models/onnx/squeezenet_v1.0_dc.onnx");
        using Network squeezeNet = Network.Load(model), hog = Descriptors.Hog(grey.Height, grey.Width, 8);
        PreparedInput photo = Preprocessing.ImageNetCaffe.Apply(picture, squeezeNet.Input);
        PreparedInput plain = new Preprocessing { Name = "grey", Resize = ResizeRule.None, Order = ChannelOrder.Grey }.Apply(grey, 1, grey.Height, grey.Width, Photo);

        Console.WriteLine("# gpu-searches\n\n| search | on | seconds, first | again | error % | last energy |\n|---|---|---|---|---|---|");
        foreach (Device device in devices)
            Print(device, hog, plain, hog.Output.Name, $"HOG of {Photo}", PreImageOptions.PaperDescriptor());
        PrintPeer($"HOG of {Photo}", arguments, "natural_preimages.py", [Path.Combine(data, "photos"), "--photo", Photo, "--method", "HOG", "--seed", "0", "--seed", "0"]);
        foreach (Device device in devices)
            Print(device, squeezeNet, photo, Node, $"SqueezeNet {Node}", PreImageOptions.PaperInversion());
        string input = Path.Combine(Path.GetTempPath(), $"preimage-search-{Environment.ProcessId}.npy");
        try
        {
            NpyFile.Save(input, photo.Tensor);
            PrintPeer($"SqueezeNet {Node}", arguments, "network_preimages.py", [model, Node, "100", "0", input, input]);
        }
        finally
        {
            File.Delete(input);
        }

        return 0;
    }

    static void Print(Device device, Network network, PreparedInput input, string node, string name, PreImageOptions options)
    {
        using Engine engine = network.On(device);
        var inversion = new Inversion(engine);
        var seconds = new double[Times];
        PreImageResult? result = null;
        for (int i = 0; i < Times; i++)
        {
            long began = Stopwatch.GetTimestamp();
            result = inversion.Invert(input, node, options);
            seconds[i] = Stopwatch.GetElapsedTime(began).TotalSeconds;
        }

        double energy = result!.Energies[0].Values.Sum();
        Row(name, $"{device}", seconds, 100 * result.Errors[0], string.Create(CultureInfo.InvariantCulture, $"{energy:G7}"));
    }

    /// <summary>Has a peer run and reads error and time off its lines, or says why there is nothing to read.</summary>
    static void PrintPeer(string name, Arguments arguments, string script, IEnumerable<string> given)
    {
        string where = arguments.Value("--peer") ?? "cuda";
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable(TorchOnGpu.Variable) is { Length: > 0 } python ? python : "python3",
            [Path.Combine(AppContext.BaseDirectory, "Peers", script), .. given, .. where == "cpu" ? Array.Empty<string>() : ["--device", where]])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        string said;
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> errors = process.StandardError.ReadToEndAsync();
            string text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Match[] runs = [.. Line().Matches(text).Cast<Match>()];
            if (process.ExitCode == 0 && runs.Length == Times)
            {
                Row(name, $"PyTorch {where}", [.. runs.Select(r => Number(r, "seconds"))], Number(runs[^1], "error"), "-");
                return;
            }

            said = errors.Result.Trim().Split('\n')[^1];
        }
        catch (Win32Exception e)
        {
            said = e.Message;
        }

        Console.WriteLine($"| {name} | PyTorch {where} | - | - | - | {said} |");
    }

    static double Number(Match match, string group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    static void Row(string name, string where, double[] seconds, double error, string energy) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {where} | {seconds[0]:F2} | {seconds[1]:F2} | {error:F2} | {energy} |"));

    // natural_preimages.py: name width height method seed iterations error means seconds; network_preimages.py: "... 8.73 % without, 1.2 s".
    [GeneratedRegex(@"^(?:\S+ \d+ \d+ \S+ \d+ \d+ (?<error>[\d.]+) .*|.* (?<error>[\d.]+) % without, )(?<seconds>[\d.]+) s\r?$", RegexOptions.Multiline)]
    private static partial Regex Line();
}
