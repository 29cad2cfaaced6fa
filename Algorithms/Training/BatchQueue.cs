using Preimage.Algorithms.Imaging;
using Preimage.Algorithms.Training.Data;

namespace Preimage.Algorithms.Training;

/// <summary>Samples put together for one run; rows behind the last sample are whatever was there before, with the label -1.</summary>
internal sealed class Batch(int rows, int sampleCount)
{
    /// <summary>rows x C x H x W values.</summary>
    public float[] Pixels { get; } = new float[rows * sampleCount];

    /// <summary>A class per row, or -1.</summary>
    public int[] Labels { get; } = new int[rows];

    /// <summary>Rows that hold samples.</summary>
    public int Samples { get; set; }
}

/// <summary>Puts batches together, each on another thread while the one before it is worked on.</summary>
/// <param name="data">The samples.</param>
/// <param name="preprocessing">How bytes become values.</param>
/// <param name="rows">Rows of a batch.</param>
internal sealed class BatchQueue(DataSet data, Preprocessing preprocessing, int rows)
{
    readonly SampleReader _reader = new(data, preprocessing);
    readonly Batch[] _batches = [new(rows, data.SampleShape.Count), new(rows, data.SampleShape.Count)];

    /// <summary>The mean of all samples.</summary>
    public float[] Mean(CancellationToken cancellation) => _reader.Mean(cancellation);

    /// <summary>The batches of samples in an order, from one on; a batch is good until the next one is asked for.</summary>
    /// <param name="order">Which samples, in their order.</param>
    /// <param name="first">The first batch.</param>
    /// <param name="count">The batch to stop before.</param>
    public IEnumerable<Batch> Read(int[] order, int first, int count)
    {
        if (first >= count)
            yield break;
        Task<Batch> next = Prepare(order, first);
        try
        {
            for (int i = first; i < count; i++)
            {
                Batch batch = next.GetAwaiter().GetResult();
                if (i + 1 < count)
                    next = Prepare(order, i + 1);
                yield return batch;
            }
        }
        finally
        {
            // The data belong to the caller again when this ends, whoever ends it; a failure to read what nobody asked for is none.
            ((IAsyncResult)next).AsyncWaitHandle.WaitOne();
        }
    }

    Task<Batch> Prepare(int[] order, int index) => Task.Run(() =>
    {
        Batch batch = _batches[index % 2];
        int count = data.SampleShape.Count, start = index * rows;
        batch.Samples = Math.Min(rows, order.Length - start);
        for (int row = 0; row < batch.Samples; row++)
        {
            _reader.Read(order[start + row], batch.Pixels.AsSpan(row * count, count));
            batch.Labels[row] = data.Label(order[start + row]);
        }

        batch.Labels.AsSpan(batch.Samples).Fill(-1);
        return batch;
    });
}
