namespace Legato.Runtime.Recording.Mcap;

/// <summary>Makes a complete file out of a cut or damaged recording.</summary>
public static class McapRecovery
{
    /// <summary>The metadata that a rewritten recording carries: what was lost, in words.</summary>
    public const string MetadataName = "legato.recovery";

    /// <summary>Writes everything that a reader can read into a new, complete, indexed file.</summary>
    /// <param name="source">The recording.</param>
    /// <param name="target">Receives the file; stays open.</param>
    /// <exception cref="CorruptRecordingException">A chunk is damaged; <see cref="McapReader.Salvage(string)"/> leaves it out.</exception>
    public static void Rewrite(McapReader source, Stream target)
    {
        using McapWriter writer = new(target, source.Library, source.Profile, leaveOpen: true);
        Dictionary<McapSchema, McapSchema> schemas = [];
        Dictionary<ushort, McapChannel> channels = [];
        foreach (McapChannel channel in source.Channels)
        {
            if (channel.Schema is { } old && !schemas.ContainsKey(old)) schemas[old] = writer.AddSchema(old.Name, old.Definition, old.Encoding);
            channels[channel.Id] = writer.AddChannel(channel.Schema is null ? null : schemas[channel.Schema], channel.Topic, channel.MessageEncoding, channel.Metadata);
        }
        foreach (McapMessage message in source.Read())
            writer.WriteMessage(channels[message.Channel.Id], message.Sequence, message.LogTime, message.PublishTime, message.Data.Span);
        foreach (McapMetadata metadata in source.Metadata) writer.WriteMetadata(metadata.Name, metadata.Values);
        foreach (McapAttachment attachment in source.ReadAttachments()) writer.WriteAttachment(attachment);
        if (source.Loss is { } loss) writer.WriteMetadata(MetadataName, new Dictionary<string, string> { ["loss"] = loss.ToString() });
        writer.Finish();
    }
}
