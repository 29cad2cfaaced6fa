using System.Globalization;
using Preimage.Algorithms.Attribution;
using Preimage.Algorithms.Experiments;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Training;
using Preimage.Algorithms.Training.Data;
using Preimage.Layers;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Gallery.Building;

/// <summary>Makes the demonstration: a network is trained on faces that the program draws, and everything the library has is shown on it, beside networks that know nothing.</summary>
public static class DemoGallery
{
    /// <summary>Faces that are explained.</summary>
    const int Faces = 3;

    /// <summary>Faces that methods are measured on.</summary>
    const int MeasuredFaces = 3;

    /// <summary>The paper's: faces are small enough for them.</summary>
    const int InversionIterations = 300;

    /// <summary>Side of the drawing: large enough to be recognised, small enough for a second.</summary>
    const int DrawingSide = 96;

    const string Model = "faces.onnx", RandomModel = "faces-random.onnx";

    // Seconds on two cores of an AMD EPYC (Zen 5), for the time left; other machines are found to be faster or slower on the way.
    const double RecoverySeconds = 1, TrainingSeconds = 8, PassSeconds = 0.002;

    /// <summary>Trains, explains, decodes, traces, inverts.</summary>
    /// <param name="folder">The folder that the result is to be saved in, as command lines name it.</param>
    /// <param name="seed">What data, weights and noise are drawn from; the same seed gives the same numbers.</param>
    /// <param name="device">Where everything but the training runs.</param>
    /// <param name="command">The command line that makes it, or null.</param>
    /// <param name="progress">Told on the way, on the thread that works.</param>
    /// <param name="cancellation">Stops the work between operators.</param>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public static DemoResult Make(
        string folder, ulong seed, Device device, string? command = null, IProgress<GalleryProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(folder);
        var clock = new WorkClock(progress, cancellation);
        WorkClock.Step recovery = clock.Plan("explaining networks that know nothing", RecoverySeconds), training = clock.Plan("training a network on drawn faces", TrainingSeconds);
        var options = new NetworkGalleryOptions { Seed = seed, InversionIterations = InversionIterations, Commands = new GalleryCommands { Model = In(folder, Model), Whole = command } };
        var exhibits = new NetworkExhibits(options, clock, Faces, PassSeconds);
        WorkClock.Step random = clock.Plan("explaining it with random weights", PassSeconds * 100);

        Picture drawing = DrawnPicture.House(DrawingSide, DrawingSide);
        IReadOnlyList<RecoveredPicture> recovered = clock.Do(recovery, _ => PictureRecovery.Run(drawing, seed, device, cancellation));
        DataSplit data = DataSource.Open(DemoNetwork.Data, seed);
        TrainingResult trained = clock.Do(training, parts => DemoNetwork.Train(data, seed, parts, cancellation));
        Network? untrained = null;
        try
        {
            using Engine engine = trained.Network.On(device);
            Evaluation test = Evaluation.Run(engine, data.Test, cancellation: cancellation);
            PreparedInput[] measured = Prepare(data.Test, DemoNetwork.Faces(data.Test, test, MeasuredFaces), trained, folder), inputs = [.. measured.Take(Faces)];
            GallerySubject subject = GallerySubject.Of(engine, inputs, options.Classes, [.. data.Test.Classes.Select(c => $"person {c}")], options.Commands, cancellation);
            List<Exhibit> shown = [.. exhibits.Make(subject, measured)];

            untrained = trained.Network.Randomize(Randomisation.All, seed, RandomWeights.He);
            using Engine other = untrained.On(device);
            GallerySubject twin = subject.With(other, Faces, 1, options.Commands with { Model = In(folder, RandomModel) }, cancellation);
            MethodMaps[] maps = clock.Do(random, parts => exhibits.Maps.Select((m, i) =>
            {
                parts.Report((double)i / exhibits.Maps.Count);
                return MethodMaps.Of(twin, m.Entry, null, cancellation);
            }).ToArray());
            IReadOnlyList<MethodFinding> rows = LearntTable.Compare(exhibits.Maps, maps);
            int after = shown.FindIndex(e => e is SensitivityExhibit) + 1;
            shown.InsertRange(after,
            [
                LearntTable.Make(rows),
                new MapExhibits(twin, maps, options.MapBytes / 4).All(
                    "The same network with random weights", "It knows nothing of faces: a map that still shows one is no explanation.", "random-weights", []),
                RecoveryExhibit.Make(drawing, recovered, seed, command),
            ]);
            var document = new GalleryDocument
            {
                Title = "What do networks look at?",
                Introduction = string.Create(CultureInfo.InvariantCulture,
                    $"A small network was trained while you waited, on {data.Train.Count} drawn faces of {data.Train.Classes.Count} persons; it tells {data.Test.Count - test.Wrong} of {data.Test.Count} others right. ")
                    + "Here is what each method says of it, and which of them would say the same of a network that has learnt nothing.",
                Made =
                [
                    .. NetworkGallery.Made(engine, options.Commands),
                    new("training", trained.Recipe.ToString()),
                    new("the same training", DemoNetwork.TrainCommand(seed, In(folder, Model))),
                    new("test pictures wrong", string.Create(CultureInfo.InvariantCulture, $"{test.Wrong} of {data.Test.Count} ({100 * test.Error:F1} %)")),
                    new("seed", $"{seed}"),
                ],
                Notes = exhibits.LeftOut,
                Exhibits = shown,
            };
            var result = new DemoResult(document, drawing, trained, untrained, recovered, rows, test, [.. measured.Select(i => (Path.GetFileName(i.Source), i.Shown))], Model, RandomModel);
            untrained = null;
            return result;
        }
        catch
        {
            untrained?.Dispose();
            trained.Network.Dispose();
            throw;
        }
    }

    static PreparedInput[] Prepare(DataSet data, int[] faces, TrainingResult trained, string folder)
    {
        if (faces.Length == 0)
            throw new PreimageException($"the network told none of {data.Count} faces right: try another seed");
        return [.. faces.Select(n =>
        {
            Picture picture = Planes.Read(data, n);
            return trained.Preprocessing.Apply(picture, trained.Network.Input, In(folder, $"person-{data.Classes[data.Label(n)]}.png"));
        })];
    }

    /// <summary>Slashes are understood everywhere and need no quotes.</summary>
    static string In(string folder, string file) => folder.Length > 0 ? $"{folder.Replace('\\', '/').TrimEnd('/')}/{file}" : file;
}
