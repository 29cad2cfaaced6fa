using Preimage.Interop.Cuda.Dnn;

namespace Preimage.Layers.Backends.Cuda;

/// <summary>Which algorithms a computation may use, best first: those that are offered and that the precision allows, then plain ones that nobody offered.</summary>
/// <remarks>
/// What an offer says of its arithmetic is no permission: outside <see cref="Precision.Fast"/> every algorithm runs in float32 by fused multiply-add, also one that was offered
/// with TF32 (a timed search tries both, and its answer put on the descriptor would undo what was asked for).
/// </remarks>
internal static class ConvolutionCandidates
{
    /// <summary>The candidates.</summary>
    /// <param name="kind">The computation.</param>
    /// <param name="precision">What arithmetic is allowed.</param>
    /// <param name="offered">cuDNN's offers, best first.</param>
    public static List<ConvolutionChoice> Of(ConvolutionPassKind kind, Precision precision, IReadOnlyList<ConvolutionChoice> offered)
    {
        var candidates = new List<ConvolutionChoice>();
        // An offer in another arithmetic has the place of its speed there, so that those in the right one go first; the sort keeps their order.
        foreach (ConvolutionChoice offer in offered.OrderBy(o => precision != Precision.Fast && o.Math != ConvolutionMath.Fma))
        {
            bool reproducible = offer.IsDeterministic ?? DnnAlgorithms.IsReproducible(kind, offer.Algorithm);
            if (reproducible && (precision != Precision.Strict || DnnAlgorithms.SumsDirectly(kind, offer.Algorithm)))
                Add(offer with { Math = Allowed(precision, offer.Math) });
        }

        foreach (int algorithm in DnnAlgorithms.Plain(kind))
        {
            if (!offered.Any(o => o.Algorithm == algorithm && o.IsDeterministic == false))
                Add(new ConvolutionChoice(algorithm, 0, true, Allowed(precision, ConvolutionMath.Default), -1));
        }

        return candidates;

        void Add(ConvolutionChoice candidate)
        {
            if (!candidates.Exists(c => (c.Algorithm, c.Math) == (candidate.Algorithm, candidate.Math)))
                candidates.Add(candidate);
        }
    }

    /// <summary>The arithmetic that an algorithm runs in. Of those with tensor cores the default alone: another would round float32 to 16 bits.</summary>
    public static ConvolutionMath Allowed(Precision precision, ConvolutionMath offered) =>
        precision == Precision.Fast && offered != ConvolutionMath.Fma ? ConvolutionMath.Default : ConvolutionMath.Fma;
}
