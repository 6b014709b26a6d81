#pragma once

#include "capture/base/timestamp.hpp"
#include "coord/http/request.hpp"
#include "coord/http/response.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cresset::coord::api {

/// Limits of a request's body beyond its size, which the server bounds.
inline constexpr std::size_t json_depth_limit = 8;
inline constexpr std::size_t json_value_limit = 2000;

/// What a member of text may be: its length in bytes, and whether line breaks and tabs are allowed.
struct text_limits {
  std::size_t least = 1;
  std::size_t most = 200;
  bool many_lines = false;
};

/// Reads one JSON object of a request, strictly: what is missing, of another type, out of its
/// limits, there twice or unknown is refused with its name. The first mistake is kept, later reads
/// give nothing; `mistake()` tells it at the end:
///
///   auto in = json_input::body_of(r);
///   const auto name = in.text("name", {.most = 64});
///   if (auto wrong = in.mistake())
///     return *wrong;
///   use(*name);
class json_input {
public:
  /// An empty body counts as `{}`.
  static json_input body_of(const http::request& r);

  /// Each of these has to be there.
  std::optional<std::string> text(std::string_view name, text_limits limits = {});
  std::optional<std::int64_t> number(std::string_view name, std::int64_t least, std::int64_t most);
  std::optional<bool> boolean(std::string_view name);
  /// A time as `time_from` reads it.
  std::optional<timestamp> time(std::string_view name);
  /// A list of texts, and of whole numbers from 1, each element within its limits.
  std::optional<std::vector<std::string>> texts(std::string_view name, std::size_t most,
                                                text_limits each = {});
  std::optional<std::vector<std::int64_t>> ids(std::string_view name, std::size_t most);
  /// A member whose text `read` turns into a value ("acknowledge" → decision_kind::acknowledge).
  template <typename Read>
  auto word(std::string_view name, Read read) -> decltype(read(std::string_view{})) {
    const auto given = text(name, {.most = 64});
    if (!given)
      return {};
    auto value = read(std::string_view{*given});
    if (!value)
      refuse(name, "is not a word this member knows");
    return value;
  }

  /// Is the member there and not null?
  bool has(std::string_view name) const;
  /// An object inside this one; it shares nothing with it, ask its `mistake()` too. Empty when it
  /// is not there.
  json_input object(std::string_view name);

  /// Notes a mistake of the caller's own finding ("seen" names an alert that …).
  void refuse(std::string_view member, std::string_view detail);
  /// The same for an answer made elsewhere: the mistake of an inner object.
  void adopt(http::response mistake);
  /// The answer to the first mistake, or to a member nobody asked for; nothing when all is well.
  std::optional<http::response> mistake();

private:
  const boost::json::value* find(std::string_view name, std::string_view wanted);
  const boost::json::array* list(std::string_view name, std::size_t most);

  boost::json::object members_;
  std::vector<std::string> asked_;
  std::string prefix_; // "stands." inside the object "stands"
  std::optional<http::response> mistake_;
};

} // namespace cresset::coord::api
