using Marketplace.EventLog;

namespace Marketplace.Mirror;

/// <summary>The mirror cannot go on, or not do what it is told; the message is fit for an operator.</summary>
public sealed class MirrorException(string message) : EventLogException(message);
