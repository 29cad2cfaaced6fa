using System.Numerics.Tensors;

namespace Preimage.Algorithms.PreImages;

/// <summary>How images are searched for: every constant of Mahendran and Vedaldi 2016, each with the paper's value. Kept with the result.</summary>
/// <remarks>
/// <para>The energy is C times what the objective lacks, plus <see cref="LambdaRange"/> times the bounded range (<see cref="Alpha"/>, <see cref="B"/>), plus
/// <see cref="LambdaVariation"/> times the total variation (<see cref="Beta"/>, <see cref="V"/>). Images are in pixel units of 0 to 255 less the mean colour, whatever the network takes.</para>
/// <para>All constants are theirs but one: <see cref="LearningRate"/> is the 0.05 of their program; their text says 0.01.</para>
/// </remarks>
public sealed partial record PreImageOptions
{
    /// <summary>C: the weight of the objective against the regularisers, above 0.</summary>
    public double C { get; init; } = 1;

    /// <summary>alpha: the power of a pixel's norm in the bounded range, at least 1.</summary>
    public double Alpha { get; init; } = 6;

    /// <summary>beta: the power of the norm of a pixel's differences in the total variation, at least 1.</summary>
    public double Beta { get; init; } = 2;

    /// <summary>B: the norm of a pixel up to which the bounded range is below 1, above 0.</summary>
    public double B { get; init; } = 80;

    /// <summary>B+: a pixel's largest norm, above 0; infinite for none. Neither spectra nor <see cref="Optimiser.LBfgs"/> have one.</summary>
    public double BallRadius { get; init; } = 160;

    /// <summary>V: the norm of a pixel's differences up to which the total variation is below 1, above 0; null for B / 6.5.</summary>
    public double? V { get; init; }

    /// <summary>The weight of the bounded range, at least 0.</summary>
    public double LambdaRange { get; init; } = 1;

    /// <summary>The weight of the total variation, at least 0.</summary>
    public double LambdaVariation { get; init; } = 1;

    /// <summary>rho: what an iteration keeps of the sums of gradients and of their squares, 0 to below 1.</summary>
    public double Rho { get; init; } = 0.9;

    /// <summary>How images follow the gradient.</summary>
    public Optimiser Optimiser { get; init; }

    /// <summary>The rate, above 0; null for the optimiser's own. <see cref="Optimiser.Windowed"/> and <see cref="Optimiser.Momentum"/>: c0, which is multiplied with h w B^2 / alpha,
    /// h x w being the network's input; own value 0.05. <see cref="Optimiser.Adam"/>: pixel units per iteration; own value 1. <see cref="Optimiser.LBfgs"/>: pixel units of the first step, in root mean square; own value 1.</summary>
    public double? LearningRate { get; init; }

    /// <summary>Iterations of the first phase, at least 1.</summary>
    public int Iterations { get; init; } = 300;

    /// <summary>The phase without jitter that follows the first one; null for none.</summary>
    public SecondPhase? SecondPhase { get; init; } = SecondPhase.ByMethod;

    /// <summary>T: places along each axis among which an iteration draws the window that the network sees; 1 for none, null for a quarter of the node's stride, rounded, at least 1; for 1 with
    /// <see cref="Optimiser.LBfgs"/>.</summary>
    public int? Jitter { get; init; }

    /// <summary>How an iteration's network sees the canvas beside the jitter; null for as it is.</summary>
    public ImageTransforms? Transforms { get; init; }

    /// <summary>What the optimiser moves.</summary>
    public Parameterisation Parameterisation { get; init; }

    /// <summary>Images that are searched for, each from its own noise, at least 1.</summary>
    public int Restarts { get; init; } = 1;

    /// <summary>The number of the first restart. Restart k is the same image whatever others run beside it, unless a stop rule ends it when the others are done
    /// or <see cref="Objective.Diversity"/> compares it with them.</summary>
    public int FirstRestart { get; init; }

    /// <summary>Restarts that run together, at least 1; null for all. Images do not depend on it on the processor.</summary>
    public int? AtOnce { get; init; }

    /// <summary>What noise and jitter are drawn from.</summary>
    public ulong Seed { get; init; }

    /// <summary>Where to start in place of noise: 1 or <see cref="Restarts"/> images of the network's input size, in pixel units of 0 to 255.</summary>
    public Tensor<float>? Initial { get; init; }

    /// <summary>The units of the node that <see cref="Inversion"/> compares, the others being free; null for all.</summary>
    public FeatureMask? Mask { get; init; }

    /// <summary>Rows of the images where the network takes any number; null for the declared ones.</summary>
    public int? Height { get; init; }

    /// <summary>Columns of the images where the network takes any number; null for the declared ones.</summary>
    public int? Width { get; init; }

    /// <summary>A phase ends when the energy of every restart is below; null for never. Looked at every <see cref="CheckInterval"/> iterations.</summary>
    public double? StopBelow { get; init; }

    /// <summary>A phase ends when the mean energy of <see cref="CheckInterval"/> iterations is, for every restart, less than this part below that of those before; null for never.</summary>
    public double? StopImprovement { get; init; }

    /// <summary>Keeps the images after every so many iterations of a phase, at least 1; null for none. What ran before <see cref="Resume"/> is in the earlier result only.</summary>
    public int? KeepFrames { get; init; }

    /// <summary>Goes on where an earlier search with the same settings was stopped: to the same bytes as if it had not been.</summary>
    public PreImageState? Resume { get; init; }

    /// <summary>Iterations between two looks at energies: for progress, stop rules and numbers that are not finite.</summary>
    public const int CheckInterval = 16;
}
