using System.Runtime.InteropServices;

namespace TorchSharp;

/// <summary>libtorch refused: shapes, types, or arguments do not fit. The message is libtorch's.</summary>
/// <remarks>An <see cref="ExternalException"/>, as TorchSharp throws, so that the same handlers catch it.</remarks>
public class TorchException(string message) : ExternalException(message);

/// <summary>An index or a dimension is out of range.</summary>
public sealed class TorchIndexException(string message) : TorchException(message);

/// <summary>An argument has a value that is not permitted.</summary>
public sealed class TorchValueException(string message) : TorchException(message);

/// <summary>An argument has the wrong element type.</summary>
public sealed class TorchTypeException(string message) : TorchException(message);

/// <summary>libtorch does not have this operation for this kind of tensor.</summary>
public sealed class TorchNotImplementedException(string message) : TorchException(message);

/// <summary>Memory was not to be had.</summary>
public sealed class TorchOutOfMemoryException(string message) : TorchException(message);

/// <summary>More tensors live than <see cref="LiveTensors.Budget"/> permits: somebody forgets to dispose them.</summary>
public sealed class TensorBudgetException(string message) : TorchException(message);

/// <summary>libtorch or the shim over it is missing or does not fit.</summary>
public sealed class TorchLibraryException(string message) : Exception(message);
