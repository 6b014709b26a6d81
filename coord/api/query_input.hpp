#pragma once

#include "coord/http/request.hpp"
#include "coord/http/response.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::coord::api {

/// Reads a request's query and the numbers in its path as strictly as `json_input` reads a body: a
/// name that is unknown or there twice, or a value out of its limits, is refused with its name.
class query_input {
public:
  explicit query_input(const http::request& r) : request_{r} {}

  /// The value, or nothing when it was not given.
  std::optional<std::string_view> text(std::string_view name);
  /// The number, or `otherwise` when it was not given.
  std::int64_t number(std::string_view name, std::int64_t otherwise, std::int64_t least,
                      std::int64_t most);
  /// "true" or "false".
  bool boolean(std::string_view name, bool otherwise);
  /// The number at the pattern's `{name}`, from 1; 0 with a mistake (404) for anything else: no
  /// such thing exists.
  std::int64_t id(std::string_view name);

  void refuse(std::string_view name, std::string_view detail);
  /// The answer to the first mistake, or to a name nobody asked for.
  std::optional<http::response> mistake();

private:
  const http::request& request_;
  std::vector<std::string_view> asked_;
  std::optional<http::response> mistake_;
};

} // namespace cresset::coord::api
