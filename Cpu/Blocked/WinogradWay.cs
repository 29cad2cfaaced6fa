namespace Preimage.Cpu.Blocked;

/// <summary>Which way the filters that products were computed with had been packed for.</summary>
internal interface IWinogradWay
{
    /// <summary>Whether the filters are <see cref="WinogradTurned"/>.</summary>
    static abstract bool IsTurned { get; }
}

/// <summary>For this one.</summary>
internal readonly struct OwnWay : IWinogradWay
{
    public static bool IsTurned => false;
}

/// <summary>For the other.</summary>
internal readonly struct TurnedWay : IWinogradWay
{
    public static bool IsTurned => true;
}
