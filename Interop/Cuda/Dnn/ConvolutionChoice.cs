using Preimage.Native.Cuda;

namespace Preimage.Interop.Cuda.Dnn;

/// <summary>An algorithm that cuDNN offers for a pass of a convolution.</summary>
/// <param name="Algorithm">Its number, of the pass it was asked for.</param>
/// <param name="WorkspaceBytes">The workspace it needs.</param>
/// <param name="IsDeterministic">Whether it gives the same bits every time.</param>
/// <param name="Math">The arithmetic it was offered with, to be set on the descriptor before it runs.</param>
/// <param name="Milliseconds">Its time where it was measured; -1 where heuristics offered it.</param>
internal readonly record struct ConvolutionChoice(
    int Algorithm, long WorkspaceBytes, bool IsDeterministic, ConvolutionMath Math, float Milliseconds)
{
    /// <summary>Those of a list that will run, in its order, best first.</summary>
    internal static List<ConvolutionChoice> Of(ReadOnlySpan<cudnnConvolutionPerf> offered)
    {
        var choices = new List<ConvolutionChoice>(offered.Length);
        foreach (var offer in offered)
        {
            if (offer.status == cudnnStatus_t.CUDNN_STATUS_SUCCESS)
            {
                choices.Add(new ConvolutionChoice(
                    offer.algo, (long)offer.memory, offer.determinism == CuDnn.CUDNN_DETERMINISTIC, (ConvolutionMath)offer.mathType, offer.time));
            }
        }
        return choices;
    }
}
