using System.Diagnostics;
using Preimage.Cpu;
using Preimage.Interop.Cuda;
using Preimage.Interop.Cuda.Dnn;
using Preimage.Layers;
using Preimage.Layers.Backends.Cuda;

namespace Preimage.Perf.Gpu;

/// <summary>Prints what cuDNN offers for some convolutions of known networks, which of it runs, and how far results lie from those of the plainest algorithm by fused multiply-add.</summary>
/// <remarks>Its manual leaves open what of this a GPU and a version do: in which arithmetic offers come, whether workspaces asked for again are those offered, which refuse.</remarks>
internal static class ConvolutionProbe
{
    const int Runs = 10;

    static readonly (string Name, int Rows, ConvolutionGeometry Geometry)[] s_convolutions =
    [
        ("VGG-16 conv1_1", 1, new() { C = 3, H = 224, W = 224, K = 64, OutH = 224, OutW = 224, R = 3, S = 3, PadTop = 1, PadLeft = 1 }),
        ("VGG-16 conv3_2", 1, new() { C = 256, H = 56, W = 56, K = 256, OutH = 56, OutW = 56, R = 3, S = 3, PadTop = 1, PadLeft = 1 }),
        ("AlexNet conv1", 32, new() { C = 3, H = 227, W = 227, K = 96, OutH = 55, OutW = 55, R = 11, S = 11, StrideY = 4, StrideX = 4 }),
        ("AlexNet conv2, 2 groups", 32, new() { C = 96, H = 27, W = 27, K = 256, OutH = 27, OutW = 27, R = 5, S = 5, PadTop = 2, PadLeft = 2, Groups = 2 }),
        ("SqueezeNet fire4 expand 1x1", 32, new() { C = 32, H = 27, W = 27, K = 128, OutH = 27, OutW = 27, R = 1, S = 1 }),
        ("ResNet-18 layer2, stride 2", 32, new() { C = 64, H = 56, W = 56, K = 128, OutH = 28, OutW = 28, R = 3, S = 3, StrideY = 2, StrideX = 2, PadTop = 1, PadLeft = 1 }),
    ];

    /// <summary>Prints; runs nothing on the simulator.</summary>
    public static void Print(StreamHandles handles)
    {
        Console.WriteLine("\n| convolution | pass | asked in | algorithm | offered in | deterministic | MB offered | MB asked again | runs | rectifies | ms | rms from plain |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|---|---|---|");
        foreach ((string name, int rows, ConvolutionGeometry geometry) in s_convolutions)
        {
            foreach (ConvolutionPassKind kind in Enum.GetValues<ConvolutionPassKind>())
            {
                Print(handles, $"{name}, batch {rows}", rows, geometry, kind, ConvolutionMath.Fma);
                Print(handles, $"{name}, batch {rows}", rows, geometry, kind, ConvolutionMath.Default);
            }
        }
    }

    static void Print(StreamHandles handles, string name, int rows, in ConvolutionGeometry geometry, ConvolutionPassKind kind, ConvolutionMath math)
    {
        using var problem = new ConvolutionProblem(geometry, new ConvolutionPlanes(geometry), rows, kind, math);
        using CurrentContext current = handles.Stream.Context.MakeCurrent();
        List<ConvolutionChoice> offered = problem.Offered(handles.Dnn);
        int plain = DnnAlgorithms.Plain(kind)[0];
        using ConvolutionTrial? trial = CudaLibraries.IsSimulator ? null : new ConvolutionTrial(handles, problem);
        float[]? expected = null;
        problem.Math = ConvolutionMath.Fma;
        if (trial is not null)
            Try(() => $"{(expected = trial.Result(plain)).Length}");
        problem.Math = math;
        foreach (ConvolutionChoice offer in offered)
        {
            string asked = Try(() => $"{problem.Workspace(handles.Dnn, offer.Algorithm) / 1e6:F1}"), ran = "-", fused = "-", time = "-", apart = "-";
            if (trial is not null)
            {
                ran = Try(() =>
                {
                    float[] actual = trial.Result(offer.Algorithm);
                    apart = expected is null ? "-" : $"{RootMeanSquare(actual, expected):E1}";
                    time = $"{trial.Milliseconds(offer.Algorithm, Runs):F3}";
                    return "yes";
                });
                fused = kind == ConvolutionPassKind.Forward && ran == "yes" ? Try(() => trial.Rectifies(offer.Algorithm) ? "yes" : "no") : "-";
            }

            Console.WriteLine($"| {name} | {kind} | {math} | {DnnAlgorithms.Name(kind, offer.Algorithm)} | {offer.Math} | {offer.IsDeterministic?.ToString() ?? "unknown"} | "
                + $"{offer.WorkspaceBytes / 1e6:F1} | {asked} | {ran} | {fused} | {time} | {apart} |");
        }

        if (offered.Count == 0)
            Console.WriteLine($"| {name} | {kind} | {math} | none offered | | | | | | | | |");
    }

    static string Try(Func<string> ask)
    {
        try
        {
            return ask();
        }
        catch (CudaException e) when (!e.IsSticky)
        {
            return e.Name;
        }
    }

    static double RootMeanSquare(float[] actual, float[] expected)
    {
        double apart = 0, size = 0;
        for (int i = 0; i < actual.Length; i++)
        {
            apart += Math.Pow((double)actual[i] - expected[i], 2);
            size += Math.Pow(expected[i], 2);
        }

        return Math.Sqrt(apart / size);
    }

    /// <summary>The arrays of a convolution with drawn numbers.</summary>
    sealed class ConvolutionTrial : IDisposable
    {
        readonly StreamHandles _handles;
        readonly ConvolutionProblem _problem;
        readonly DeviceMemory[] _arrays;
        readonly int _result;

        public ConvolutionTrial(StreamHandles handles, ConvolutionProblem problem)
        {
            (_handles, _problem) = (handles, problem);
            _arrays = [.. new[] { problem.InputCount, problem.FilterCount, problem.OutputCount }.Select(count => new DeviceMemory(handles.Stream.Context, count * sizeof(float)))];
            _result = problem.Kind switch { ConvolutionPassKind.Forward => 2, ConvolutionPassKind.Data => 0, _ => 1 };
            for (int i = 0; i < _arrays.Length; i++)
            {
                var values = new float[_arrays[i].Bytes / sizeof(float)];
                Values.Fill((uint)i, values);
                handles.Stream.Upload<float>(_arrays[i].Handle, values);
            }
        }

        /// <summary>What an algorithm makes.</summary>
        public float[] Result(int algorithm)
        {
            Run(algorithm, 1);
            var values = new float[_arrays[_result].Bytes / sizeof(float)];
            _handles.Stream.Download<float>(values, _arrays[_result].Handle);
            return values;
        }

        /// <summary>Its time, run again and again and waited for once.</summary>
        public double Milliseconds(int algorithm, int runs)
        {
            var clock = Stopwatch.StartNew();
            Run(algorithm, runs);
            return clock.Elapsed.TotalMilliseconds / runs;
        }

        /// <summary>Whether the rectifying call does as our kernels do.</summary>
        public bool Rectifies(int algorithm)
        {
            using var rehearsal = new ConvolutionRehearsal(_handles.Stream, _handles.Dnn, _problem);
            return rehearsal.Run(new ConvolutionDecision(algorithm, _problem.Workspace(_handles.Dnn, algorithm), _problem.Math, Rectifies: false)).Rectifies;
        }

        public void Dispose()
        {
            foreach (DeviceMemory array in _arrays)
                array.Dispose();
        }

        void Run(int algorithm, int runs)
        {
            long bytes = _problem.Workspace(_handles.Dnn, algorithm);
            using DeviceMemory? workspace = bytes > 0 ? new DeviceMemory(_handles.Stream.Context, bytes) : null;
            for (int run = 0; run < runs; run++)
                _problem.Run(_handles.Dnn, algorithm, _arrays[0].Handle, _arrays[1].Handle, _arrays[2].Handle, workspace?.Handle ?? 0, bytes);
            _handles.Stream.Synchronize();
        }
    }
}
