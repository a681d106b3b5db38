using Marketplace.EventLog;

namespace Marketplace.Mirror.Copying;

/// <summary>Follows the records of one commit after another. Used by one thread at a time; a mirror asks for one for each of its commits that can be under way.</summary>
public interface ICopyObserver
{
    /// <summary>The record is part of the next commit; its memory is valid only during the call.</summary>
    void Taken(in StoredRecord record);

    /// <summary>All records taken since the last call are durable on the target.</summary>
    void Committed();

    /// <summary>The records taken since the last call are not known to be on the target; another session copies those that are not.</summary>
    void Dropped();
}
