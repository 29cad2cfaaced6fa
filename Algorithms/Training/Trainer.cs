using System.Diagnostics;
using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Training.Data;
using Preimage.Layers;
using Preimage.Layers.Weights;

namespace Preimage.Algorithms.Training;

/// <summary>Trains classifiers: mini-batches, softmax and cross-entropy, the epoch with the lowest test error kept.</summary>
/// <remarks>
/// <para>The loss of a step is the mean cross-entropy (nats) over the samples of its batch; a network that ends in a softmax is trained at what the softmax reads.
/// Convolutions, dense layers, slopes of PReLUs, scales and shifts of batch and instance norms learn; statistics of batch norms stay.</para>
/// <para>The same network, data, recipe and device give the same bytes, whatever the number of threads and wherever the training was stopped and resumed.</para>
/// <para>Sources: Fang 2017 and Rafegas and Vanrell, for whose networks there are recipes (reference specification, sections 4.1 and 5.1).</para>
/// </remarks>
/// <example><code>
/// using var topology = Topology.LeNet();
/// TrainingResult result = Trainer.Train(topology, data, TrainingRecipe.LeNet);
/// result.Network.Save("lenet.onnx");
/// </code></example>
public static class Trainer
{
    /// <summary>Trains a network.</summary>
    /// <param name="network">The topology, and the initial weights where the recipe keeps them; it stays as it is.</param>
    /// <param name="data">Samples of the network's size, in as many classes as it has logits.</param>
    /// <param name="recipe">How.</param>
    /// <param name="options">Where, and what is kept on the way; null for the processor and nothing.</param>
    /// <param name="progress">Told after every step, on the thread that works.</param>
    /// <param name="cancellation">Stops the training between two steps; a checkpoint is written.</param>
    /// <exception cref="PreimageException">Network, data, recipe or checkpoint do not go together, or the loss is not a number.</exception>
    /// <exception cref="OperationCanceledException">Cancellation was asked for.</exception>
    public static TrainingResult Train(
        Network network, DataSplit data, TrainingRecipe recipe, TrainingOptions? options = null, IProgress<TrainingProgress>? progress = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(recipe);
        options ??= new TrainingOptions();
        TrainedGraph.Require(network, data);
        recipe.Validate(data.Train.Count);
        var clock = Stopwatch.StartNew();
        Preprocessing preprocessing = TrainedGraph.Suiting(recipe.Preprocessing, data.Train.SampleShape);
        var train = new BatchQueue(data.Train, preprocessing, recipe.Batch);
        var test = new BatchQueue(data.Test, preprocessing, recipe.Batch);
        float[]? mean = recipe.SubtractsMeanPicture && !TrainedGraph.SubtractsMean(network) ? train.Mean(cancellation) : null;
        IReadOnlyList<(string Name, string Value)> settings = TrainingSettings.Of(network, data, recipe);
        using Network start = TrainedGraph.Make(network, recipe, preprocessing, data.Train.Classes, TrainingSettings.Json(settings, recipe.Epochs), mean);
        using var parameters = Parameters.Of(start);
        TrainingRun run;
        using (Engine engine = parameters.Network.On(options.Device, options.Engine))
        using (var steps = new TrainingSteps(parameters, engine, recipe.Optimiser, recipe.Batch, recipe.Steps(data.Train.Count)))
        {
            run = new TrainingRun(data, recipe, options, settings, steps, train, test);
            run.Finish(progress, cancellation);
            steps.WriteParameters(run.Best);
        }

        return new TrainingResult(parameters.ToNetwork(), run.Curve, recipe, preprocessing, options.Device, clock.Elapsed);
    }
}
