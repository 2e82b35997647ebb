// Errors, counters, modes, threads and random numbers.
#include "shim.h"

#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <c10/util/Exception.h>
#include <c10/util/Logging.h>
#include <torch/csrc/api/include/torch/version.h>

#include <malloc.h>

#include <algorithm>
#include <cstring>

thread_local std::string last_error;
std::atomic<int64_t> live_tensors{0}, peak_tensors{0}, tensor_budget{1 << 20};

namespace {

// Nobody reads the backtraces of libtorch's errors, and to look up their names takes milliseconds.
[[maybe_unused]] const bool without_backtraces = (c10::SetStackTraceFetcher([] { return std::string(); }), true);

int32_t failed_with(int32_t status, const char* message) noexcept {
  try {
    last_error = message;
  } catch (...) {
    last_error.clear();
  }
  return status;
}

int32_t failed_with(int32_t status, const c10::Error& error) noexcept {
  // libtorch tells of memory that it does not get as of any other error.
  const char* message = error.what_without_backtrace();
  if (std::strstr(message, "not enough memory") || std::strstr(message, "can't allocate memory")) status = kOutOfMemory;
  return failed_with(status, message);
}

}  // namespace

int32_t failed() noexcept {
  try {
    throw;
  } catch (const OverBudget&) {
    return failed_with(kOverBudget, "more live tensors than the budget permits");
  } catch (const c10::IndexError& e) {
    return failed_with(kIndexError, e);
  } catch (const c10::ValueError& e) {
    return failed_with(kValueError, e);
  } catch (const c10::TypeError& e) {
    return failed_with(kTypeError, e);
  } catch (const c10::NotImplementedError& e) {
    return failed_with(kNotImplemented, e);
  } catch (const c10::Error& e) {
    return failed_with(kError, e);
  } catch (const std::bad_alloc&) {
    return failed_with(kOutOfMemory, "out of memory");
  } catch (const std::exception& e) {
    return failed_with(kStdException, e.what());
  } catch (...) {
    return failed_with(kUnknown, "an exception of unknown type");
  }
}

LT_EXPORT int32_t lt_abi() noexcept { return kAbi; }

LT_EXPORT const char* lt_torch_version() noexcept { return TORCH_VERSION; }

// Copies the calling thread's last message, cut to the buffer and ended by zero; returns its whole length.
LT_EXPORT int32_t lt_last_error(char* buffer, int32_t size) noexcept {
  if (size > 0) {
    size_t n = std::min(last_error.size(), static_cast<size_t>(size - 1));
    std::memcpy(buffer, last_error.data(), n);
    buffer[n] = 0;
  }
  return static_cast<int32_t>(last_error.size());
}

// Throws each family of exceptions on purpose, for tests of the border.
LT_ACTION(fail, (int32_t family), {
  switch (family) {
    case kError: TORCH_CHECK(false, "on purpose");
    case kIndexError: TORCH_CHECK_INDEX(false, "on purpose");
    case kValueError: TORCH_CHECK_VALUE(false, "on purpose");
    case kTypeError: TORCH_CHECK_TYPE(false, "on purpose");
    case kNotImplemented: TORCH_CHECK_NOT_IMPLEMENTED(false, "on purpose");
    case kOutOfMemory: throw std::bad_alloc();
    case kOverBudget: throw OverBudget();
    case kStdException: throw std::out_of_range("on purpose");
    case kUnknown: throw 1;
  }
})

LT_EXPORT int64_t lt_live_tensors() noexcept { return live_tensors.load(); }
LT_EXPORT int64_t lt_peak_tensors() noexcept { return peak_tensors.load(); }
LT_EXPORT void lt_reset_peak_tensors() noexcept { peak_tensors.store(live_tensors.load()); }
LT_EXPORT int64_t lt_tensor_budget() noexcept { return tensor_budget.load(); }
LT_EXPORT void lt_set_tensor_budget(int64_t budget) noexcept { tensor_budget.store(budget); }

// Gives memory that is free back to the system.
LT_EXPORT void lt_trim() noexcept { malloc_trim(0); }

LT_EXPORT int32_t lt_grad_mode() noexcept { return c10::GradMode::is_enabled(); }
LT_EXPORT void lt_set_grad_mode(int32_t enabled) noexcept { c10::GradMode::set_enabled(enabled != 0); }
LT_EXPORT int32_t lt_is_inference_mode() noexcept { return c10::InferenceMode::is_enabled(); }

// The guard belongs to the calling thread, which must be the one to end it.
LT_ACTION(inference_mode_enter, (int32_t enabled, c10::InferenceMode** out), *out = new c10::InferenceMode(enabled != 0))
LT_EXPORT void lt_inference_mode_exit(c10::InferenceMode* mode) noexcept { delete mode; }

LT_EXPORT int32_t lt_num_threads() noexcept { return at::get_num_threads(); }
LT_ACTION(set_num_threads, (int32_t threads), at::set_num_threads(threads))
LT_ACTION(set_num_interop_threads, (int32_t threads), at::set_num_interop_threads(threads))

LT_ACTION(manual_seed, (uint64_t seed), at::manual_seed(seed))
LT_ACTION(generator_new, (uint64_t seed, at::Generator** out), {
  auto* generator = new at::Generator(at::globalContext().defaultGenerator(at::kCPU).clone());
  generator->set_current_seed(seed);
  *out = generator;
})
LT_ACTION(generator_default, (at::Generator** out), *out = new at::Generator(at::globalContext().defaultGenerator(at::kCPU)))
LT_EXPORT void lt_generator_delete(at::Generator* generator) noexcept { delete generator; }
LT_ACTION(generator_seed, (at::Generator* generator, uint64_t seed), generator->set_current_seed(seed))
LT_EXPORT uint64_t lt_generator_initial_seed(at::Generator* generator) noexcept { return generator->current_seed(); }
LT_TENSOR(generator_state, (at::Generator* generator, tensor* out), generator->get_state())
LT_ACTION(generator_set_state, (at::Generator* generator, tensor state), generator->set_state(*state))
