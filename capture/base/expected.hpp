#pragma once

#include <cassert>
#include <memory>
#include <type_traits>
#include <utility>
#include <variant>

namespace cresset {

/// The error half of an `expected`: `return unexpected{error};`.
template <typename E>
class unexpected {
public:
  explicit unexpected(E error) : error_{std::move(error)} {}
  E& error() noexcept { return error_; }
  const E& error() const noexcept { return error_; }

private:
  E error_;
};

/// A value, or the reason why there is none: what a caller must weigh (STYLE section 5, second
/// kind). The names are those of C++23's std::expected, which gcc 12 offers only with -std=c++23.
/// Reading the half that is not there is our own mistake and asserted.
template <typename T, typename E>
class [[nodiscard]] expected {
public:
  using value_type = T;
  using error_type = E;

  expected(T value) : state_{std::in_place_index<0>, std::move(value)} {}
  template <typename G>
  requires std::is_convertible_v<G, E> expected(unexpected<G> error)
      : state_{std::in_place_index<1>, std::move(error.error())} {}

  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }

  T& value() & noexcept { return assert(has_value()), *std::get_if<0>(&state_); }
  const T& value() const& noexcept { return assert(has_value()), *std::get_if<0>(&state_); }
  T&& value() && noexcept { return assert(has_value()), std::move(*std::get_if<0>(&state_)); }
  T& operator*() & noexcept { return value(); }
  const T& operator*() const& noexcept { return value(); }
  T&& operator*() && noexcept { return std::move(*this).value(); }
  T* operator->() noexcept { return std::addressof(value()); }
  const T* operator->() const noexcept { return std::addressof(value()); }
  E& error() & noexcept { return assert(!has_value()), *std::get_if<1>(&state_); }
  const E& error() const& noexcept { return assert(!has_value()), *std::get_if<1>(&state_); }

  template <typename U>
  T value_or(U&& otherwise) const& {
    return has_value() ? value() : static_cast<T>(std::forward<U>(otherwise));
  }

private:
  std::variant<T, E> state_;
};

/// Success without a value, or the reason for failure.
template <typename E>
class [[nodiscard]] expected<void, E> {
public:
  expected() = default;
  template <typename G>
  requires std::is_convertible_v<G, E> expected(unexpected<G> error)
      : state_{std::in_place_index<1>, std::move(error.error())} {}

  bool has_value() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return has_value(); }
  E& error() & noexcept { return assert(!has_value()), *std::get_if<1>(&state_); }
  const E& error() const& noexcept { return assert(!has_value()), *std::get_if<1>(&state_); }

private:
  std::variant<std::monostate, E> state_;
};

} // namespace cresset
