namespace Marketplace.EventLog.Embedded;

/// <summary>Another process has the data folder open.</summary>
public sealed class DataFolderInUseException(string folder, string? owner)
    : EventLogException($"The data folder '{folder}' is in use by another process{(owner is null ? "" : $" (pid {owner})")}. Stop it, or choose another folder.")
{
    public string Folder { get; } = folder;
}
