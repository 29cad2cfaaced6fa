using Preimage.Layers;

namespace Preimage.Cli.Output;

/// <summary>Prints what a result was computed on, so that it can be told from one of another machine.</summary>
internal static class EngineFacts
{
    /// <summary>What a user of the simulator has to know.</summary>
    public const string SimulatorNote = "the GPU is the project's simulator: numbers are right, times mean nothing";

    /// <summary>Prints the device with its arithmetic, and the libraries it runs on.</summary>
    public static void Write(Engine engine)
    {
        Facts.Write("device", $"{Describe(engine.Device)}, precision {Word(engine.Options.Precision)}");
        foreach (DeviceLibrary library in engine.Libraries)
            Facts.Write("library", library.ToString());
        if (IsSimulated(engine))
            Facts.Note(SimulatorNote);
    }

    /// <summary>The device with its product's name: cuda:0 (NVIDIA H100 ...).</summary>
    public static string Describe(Device device) => device.Kind == DeviceKind.Cpu ? $"{device}" : $"{device} ({Gpu.Of(device).Name})";

    /// <summary>Whether times of an engine mean nothing.</summary>
    public static bool IsSimulated(Engine engine) => engine.Device.Kind == DeviceKind.Cuda && Gpu.IsSimulated;

#pragma warning disable CA1308 // As the options are written.
    /// <summary>The precision as it is written on the command line.</summary>
    public static string Word(Precision precision) => precision.ToString().ToLowerInvariant();
#pragma warning restore CA1308
}
