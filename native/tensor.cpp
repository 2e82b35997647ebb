// Creation, lifetime, data and gradients of tensors.
#include "shim.h"

#include <cstring>

namespace {

at::TensorOptions options(int32_t dtype) { return at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype)); }

}  // namespace

LT_EXPORT void lt_delete(tensor t) noexcept {
  delete t;
  live_tensors.fetch_sub(1);
}

// Stands for arguments that are left out; not counted.
LT_ACTION(undefined, (tensor * out), *out = new at::Tensor())

LT_TENSOR(empty, (const int64_t* shape, int32_t rank, int32_t dtype, tensor* out), at::empty(dims(shape, rank), options(dtype)))
LT_TENSOR(full, (const int64_t* shape, int32_t rank, scalar value, int32_t dtype, tensor* out), at::full(dims(shape, rank), value.value(), options(dtype)))
LT_TENSOR(rand, (const int64_t* shape, int32_t rank, int32_t dtype, at::Generator* generator, tensor* out),
          at::rand(dims(shape, rank), maybe(generator), options(dtype)))
LT_TENSOR(randn, (const int64_t* shape, int32_t rank, int32_t dtype, at::Generator* generator, tensor* out),
          at::randn(dims(shape, rank), maybe(generator), options(dtype)))
LT_TENSOR(randint, (int64_t low, int64_t high, const int64_t* shape, int32_t rank, int32_t dtype, at::Generator* generator, tensor* out),
          at::randint(low, high, dims(shape, rank), maybe(generator), options(dtype)))
LT_TENSOR(randperm, (int64_t n, int32_t dtype, at::Generator* generator, tensor* out), at::randperm(n, maybe(generator), options(dtype)))
LT_TENSOR(arange, (scalar start, scalar stop, scalar step, int32_t dtype, tensor* out),
          at::arange(start.value(), stop.value(), step.value(), options(dtype)))
LT_TENSOR(linspace, (scalar start, scalar end, int64_t steps, int32_t dtype, tensor* out), at::linspace(start.value(), end.value(), steps, options(dtype)))
LT_TENSOR(eye, (int64_t rows, int64_t columns, int32_t dtype, tensor* out), at::eye(rows, columns, options(dtype)))
LT_TENSOR(full_like, (tensor like, scalar value, int32_t dtype, tensor* out), at::full_like(*like, value.value(), at::TensorOptions().dtype(maybe_type(dtype))))
LT_TENSOR(empty_like, (tensor like, int32_t dtype, tensor* out), at::empty_like(*like, at::TensorOptions().dtype(maybe_type(dtype))))
LT_TENSOR(rand_like, (tensor like, tensor* out), at::rand_like(*like))
LT_TENSOR(randn_like, (tensor like, tensor* out), at::randn_like(*like))
LT_TENSOR(bernoulli, (tensor probability, at::Generator* generator, tensor* out), at::bernoulli(*probability, maybe(generator)))
LT_TENSOR(multinomial, (tensor weights, int64_t samples, int32_t replacement, at::Generator* generator, tensor* out),
          at::multinomial(*weights, samples, replacement != 0, maybe(generator)))

LT_EXPORT int64_t lt_dim(tensor t) noexcept { return t->dim(); }
LT_EXPORT int64_t lt_numel(tensor t) noexcept { return t->numel(); }
LT_EXPORT int32_t lt_dtype(tensor t) noexcept { return static_cast<int32_t>(t->scalar_type()); }
LT_EXPORT int32_t lt_is_contiguous(tensor t) noexcept { return t->is_contiguous(); }
LT_EXPORT int64_t lt_element_size(tensor t) noexcept { return static_cast<int64_t>(t->element_size()); }

// `sizes` and `strides` have room for as many elements as the tensor has dimensions.
LT_EXPORT void lt_shape(tensor t, int64_t* sizes) noexcept { std::memcpy(sizes, t->sizes().data(), t->sizes().size() * sizeof(int64_t)); }
LT_EXPORT void lt_strides(tensor t, int64_t* strides) noexcept { std::memcpy(strides, t->strides().data(), t->strides().size() * sizeof(int64_t)); }

LT_ACTION(data, (tensor t, void** out), *out = t->data_ptr())

// The value of a tensor with one element, as what it is: kind as in `scalar`.
LT_ACTION(item, (tensor t, scalar* out), {
  at::Scalar value = t->item();
  *out = scalar{};
  if (value.isBoolean()) {
    out->kind = 2;
    out->integer = value.toBool();
    out->real = static_cast<double>(out->integer);
  } else if (value.isIntegral(false)) {
    out->integer = value.toLong();
    out->real = static_cast<double>(out->integer);
  } else {
    out->kind = 1;
    out->real = value.toDouble();
  }
})

LT_TENSOR(to_type, (tensor t, int32_t dtype, int32_t copy, tensor* out), t->to(static_cast<at::ScalarType>(dtype), false, copy != 0))
LT_TENSOR(clone, (tensor t, tensor* out), t->clone())
LT_TENSOR(alias, (tensor t, tensor* out), *t)
LT_TENSOR(detach, (tensor t, tensor* out), t->detach())
LT_TENSOR(contiguous, (tensor t, tensor* out), t->contiguous())

LT_EXPORT int32_t lt_requires_grad(tensor t) noexcept { return t->requires_grad(); }
LT_EXPORT int32_t lt_is_leaf(tensor t) noexcept { return t->is_leaf(); }
LT_ACTION(set_requires_grad, (tensor t, int32_t required), t->requires_grad_(required != 0))
LT_ACTION(backward, (tensor t, tensor gradient, int32_t retain_graph, int32_t create_graph),
          t->backward(gradient->defined() ? *gradient : at::Tensor(), retain_graph != 0, create_graph != 0))

// `*out` is null where there is no gradient.
LT_ACTION(grad, (tensor t, tensor* out), {
  const at::Tensor& gradient = t->grad();
  *out = gradient.defined() ? box(gradient) : nullptr;
})
LT_ACTION(set_grad, (tensor t, tensor gradient), t->mutable_grad() = *gradient)

// The tensor stays the same for those who hold it; elements and their type become the other's.
LT_ACTION(set_data, (tensor t, tensor data), t->set_data(*data))
