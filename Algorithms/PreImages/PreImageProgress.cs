namespace Preimage.Algorithms.PreImages;

/// <summary>How far a search is; told every <see cref="PreImageOptions.CheckInterval"/> iterations.</summary>
/// <param name="Iteration">Iterations done, those of all phases and of restarts that ran before counted.</param>
/// <param name="Total">Iterations there will be, unless a stop rule ends a phase.</param>
/// <param name="Energies">The energies of the last iteration by the name of the term, means over the restarts that run.</param>
/// <param name="Elapsed">Time since the search began.</param>
/// <param name="Left">Time that what is left takes at the speed so far.</param>
public sealed record PreImageProgress(int Iteration, int Total, IReadOnlyDictionary<string, double> Energies, TimeSpan Elapsed, TimeSpan Left);
