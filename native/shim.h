// What every part of the shim needs: handles, status codes, and the guard that keeps exceptions inside.
#pragma once

#include <ATen/ATen.h>

#include <atomic>
#include <cstdint>
#include <new>
#include <string>
#include <vector>

// Raised whenever a signature changes; the managed side refuses a library that disagrees.
constexpr int32_t kAbi = 2;

// Statuses; the managed side has the same list.
enum Status : int32_t {
  kOk = 0,
  kError = 1,           // c10::Error: shapes, types, devices
  kIndexError = 2,
  kValueError = 3,
  kTypeError = 4,
  kNotImplemented = 5,
  kOutOfMemory = 6,
  kOverBudget = 7,      // more live tensors than permitted
  kStdException = 8,
  kUnknown = 9,
};

using tensor = at::Tensor*;

// A scalar as the managed side passes it.
struct scalar {
  int32_t kind;  // 0 integer, 1 floating point, 2 boolean
  int32_t unused;
  int64_t integer;
  double real;

  at::Scalar value() const {
    if (kind == 0) return at::Scalar(integer);
    if (kind == 2) return at::Scalar(integer != 0);
    return at::Scalar(real);
  }
};

struct OverBudget {};

extern thread_local std::string last_error;
extern std::atomic<int64_t> live_tensors, peak_tensors, tensor_budget;

int32_t failed() noexcept;

// Runs a body; an exception becomes a status and a message for lt_last_error.
template <typename Body>
int32_t guard(Body&& body) noexcept {
  try {
    body();
    return kOk;
  } catch (...) {
    return failed();
  }
}

// Moves a tensor to the heap, counted.
inline tensor box(at::Tensor value) {
  int64_t live = live_tensors.fetch_add(1) + 1;
  if (live > tensor_budget.load(std::memory_order_relaxed)) {
    live_tensors.fetch_sub(1);
    throw OverBudget();
  }
  int64_t peak = peak_tensors.load(std::memory_order_relaxed);
  while (live > peak && !peak_tensors.compare_exchange_weak(peak, live)) {
  }
  try {
    return new at::Tensor(std::move(value));
  } catch (...) {
    live_tensors.fetch_sub(1);
    throw;
  }
}

// An undefined tensor stands for an argument that is left out.
inline c10::optional<at::Tensor> maybe(tensor t) {
  return t->defined() ? c10::optional<at::Tensor>(*t) : c10::nullopt;
}

inline c10::optional<at::ScalarType> maybe_type(int32_t dtype) {
  return dtype < 0 ? c10::nullopt : c10::optional<at::ScalarType>(static_cast<at::ScalarType>(dtype));
}

inline c10::optional<at::Generator> maybe(at::Generator* g) {
  return g ? c10::optional<at::Generator>(*g) : c10::nullopt;
}

inline at::IntArrayRef dims(const int64_t* values, int32_t count) {
  return at::IntArrayRef(values, static_cast<size_t>(count));
}

inline at::OptionalIntArrayRef maybe_dims(const int64_t* values, int32_t count) {
  return count == 0 ? at::OptionalIntArrayRef() : at::OptionalIntArrayRef(dims(values, count));
}

inline std::vector<at::Tensor> list(const tensor* values, int32_t count) {
  std::vector<at::Tensor> tensors;
  tensors.reserve(static_cast<size_t>(count));
  for (int32_t i = 0; i < count; i++) tensors.push_back(*values[i]);
  return tensors;
}

#define LT_EXPORT extern "C" __attribute__((visibility("default")))

// lt_NAME(parameters..., out): a new tensor.
#define LT_TENSOR(name, parameters, expression) \
  LT_EXPORT int32_t lt_##name parameters noexcept { \
    return guard([&] { *out = box(expression); }); \
  }

// lt_NAME(parameters...): changes its arguments.
#define LT_ACTION(name, parameters, ...) \
  LT_EXPORT int32_t lt_##name parameters noexcept { \
    return guard([&] { __VA_ARGS__; }); \
  }

#define LT_UNARY(name) LT_TENSOR(name, (tensor a, tensor * out), at::name(*a))
#define LT_BINARY(name) LT_TENSOR(name, (tensor a, tensor b, tensor * out), at::name(*a, *b))
#define LT_SCALAR(name) LT_TENSOR(name##_scalar, (tensor a, scalar b, tensor * out), at::name(*a, b.value()))
