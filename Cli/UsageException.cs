namespace Preimage.Cli;

/// <summary>Arguments that do not go together, found after they were parsed one by one.</summary>
/// <param name="message">What is wrong and what would be right, on one line.</param>
internal sealed class UsageException(string message) : Exception(message);
