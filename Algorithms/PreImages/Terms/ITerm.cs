namespace Preimage.Algorithms.PreImages.Terms;

/// <summary>A part of the energy in a loop.</summary>
internal interface ITerm
{
    /// <summary>What its energy is reported as.</summary>
    string Name { get; }

    /// <summary>In a body: writes its energy of every row and adds the derivative to the signal of its place.</summary>
    void Run();
}
