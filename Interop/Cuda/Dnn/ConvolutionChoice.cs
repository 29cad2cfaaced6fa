using Preimage.Native.Cuda;

namespace Preimage.Interop.Cuda.Dnn;

/// <summary>An algorithm that cuDNN offers for a pass of a convolution.</summary>
/// <param name="Algorithm">Its number, of the pass it was asked for.</param>
/// <param name="WorkspaceBytes">The workspace it needs in the arithmetic it was offered with.</param>
/// <param name="IsDeterministic">Whether it gives the same bits every time; null where cuDNN does not say.</param>
/// <param name="Math">The arithmetic it was offered with, which need not be what the descriptor asks for.</param>
/// <param name="Milliseconds">Its time where it was measured; -1 where heuristics offered it.</param>
internal readonly record struct ConvolutionChoice(
    int Algorithm, long WorkspaceBytes, bool? IsDeterministic, ConvolutionMath Math, float Milliseconds)
{
    /// <summary>Bytes as cuDNN gives them: a size beyond all that there is was seen to stand for one that cannot be.</summary>
    internal static long Bytes(nuint bytes) => bytes > long.MaxValue ? long.MaxValue : (long)bytes;

    /// <summary>Those of a list that will run, in its order, best first.</summary>
    internal static List<ConvolutionChoice> Of(ReadOnlySpan<cudnnConvolutionPerf> offered)
    {
        var choices = new List<ConvolutionChoice>(offered.Length);
        foreach (var offer in offered)
        {
            if (offer.status == cudnnStatus_t.CUDNN_STATUS_SUCCESS)
            {
                bool? deterministic = offer.determinism switch
                {
                    CuDnn.CUDNN_DETERMINISTIC => true,
                    CuDnn.CUDNN_NON_DETERMINISTIC => false,
                    _ => null,
                };
                choices.Add(new ConvolutionChoice(offer.algo, Bytes(offer.memory), deterministic, (ConvolutionMath)offer.mathType, offer.time));
            }
        }
        return choices;
    }
}
