using Marketplace.EventLog;

namespace Marketplace.Mirror;

/// <summary>The mirror cannot go on, or not do what it is told; the message is fit for an operator.</summary>
public class MirrorException(string message) : EventLogException(message);

/// <summary>What it was asked about is not mirrored.</summary>
public sealed class NotMirroredException(string message) : MirrorException(message);
