// Boost.JSON takes the last of two members of one name, and a check and a use may then see
// different values. So a body is parsed twice: first by `strict_handler`, which keeps nothing but
// the names of the objects that are open and refuses what the tree would hide, then into the tree.
#include "coord/api/json_input.hpp"

#include "coord/api/time_input.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <set>

namespace cresset::coord::api {

namespace {

namespace json = boost::json;

class strict_handler {
public:
  static constexpr std::size_t max_object_size = json_value_limit;
  static constexpr std::size_t max_array_size = json_value_limit;
  static constexpr std::size_t max_key_size = 128;
  static constexpr std::size_t max_string_size = std::size_t{64} * 1024;

  bool on_document_begin(json::error_code&) { return true; }
  bool on_document_end(json::error_code&) { return true; }
  bool on_object_begin(json::error_code& e) {
    open_.emplace_back();
    return one_more(e);
  }
  bool on_object_end(std::size_t, json::error_code&) {
    open_.pop_back();
    return true;
  }
  bool on_array_begin(json::error_code& e) { return one_more(e); }
  bool on_array_end(std::size_t, json::error_code&) { return true; }
  bool on_key_part(json::string_view part, std::size_t, json::error_code&) {
    key_.append(part.data(), part.size());
    return true;
  }
  bool on_key(json::string_view part, std::size_t, json::error_code& e) {
    key_.append(part.data(), part.size());
    if (!open_.back().insert(key_).second) {
      twice_ = key_;
      e = json::error::syntax;
      return false;
    }
    key_.clear();
    return true;
  }
  bool on_string_part(json::string_view, std::size_t, json::error_code&) { return true; }
  bool on_string(json::string_view, std::size_t, json::error_code& e) { return one_more(e); }
  bool on_number_part(json::string_view, json::error_code&) { return true; }
  bool on_int64(std::int64_t, json::string_view, json::error_code& e) { return one_more(e); }
  bool on_uint64(std::uint64_t, json::string_view, json::error_code& e) { return one_more(e); }
  bool on_double(double, json::string_view, json::error_code& e) { return one_more(e); }
  bool on_bool(bool, json::error_code& e) { return one_more(e); }
  bool on_null(json::error_code& e) { return one_more(e); }
  bool on_comment_part(json::string_view, json::error_code&) { return true; }
  bool on_comment(json::string_view, json::error_code&) { return true; }

  const std::string& twice() const noexcept { return twice_; }
  bool too_many() const noexcept { return values_ > json_value_limit; }

private:
  bool one_more(json::error_code& e) {
    if (++values_ > json_value_limit)
      e = json::error::array_too_large;
    return !e;
  }

  std::vector<std::set<std::string>> open_;
  std::string key_, twice_;
  std::size_t values_ = 0;
};

std::optional<http::response> objection_to(std::string_view body) {
  json::parse_options options;
  options.max_depth = json_depth_limit;
  json::basic_parser<strict_handler> parser{options};
  json::error_code failed;
  const auto read = parser.write_some(false, body.data(), body.size(), failed);
  const auto& handler = parser.handler();
  if (!handler.twice().empty())
    return http::problem(400, "the member \"" + handler.twice() + "\" is there twice",
                         handler.twice());
  if (failed == json::error::too_deep || handler.too_many())
    return http::problem(400,
                         "the body is nested deeper, or holds more values, than any request needs");
  if (failed || read != body.size() || !parser.done())
    return http::problem(
        400, "the body is not JSON: " + (failed ? failed.message() : "more than one value") +
                 " at byte " + std::to_string(read));
  return std::nullopt;
}

bool is_allowed(std::string_view text, bool many_lines) {
  return std::ranges::none_of(text, [&](char c) {
    const auto byte = static_cast<unsigned char>(c);
    const bool line = byte == '\n' || byte == '\r' || byte == '\t';
    return (byte < 0x20 && !(many_lines && line)) || byte == 0x7F;
  });
}

} // namespace

json_input json_input::body_of(const http::request& r) {
  json_input in;
  if (r.body.empty())
    return in;
  in.mistake_ = objection_to(r.body);
  if (in.mistake_)
    return in;
  json::error_code failed;
  auto value = json::parse(r.body, failed, {}, {.max_depth = json_depth_limit});
  if (failed || !value.is_object())
    in.mistake_ = http::problem(400, "the body must be a JSON object");
  else
    in.members_ = std::move(value.as_object());
  return in;
}

const json::value* json_input::find(std::string_view name, std::string_view wanted) {
  asked_.emplace_back(name);
  if (mistake_)
    return nullptr;
  const auto* const found = members_.if_contains(name);
  if (found == nullptr || found->is_null()) {
    refuse(name, "is missing: it has to be " + std::string{wanted});
    return nullptr;
  }
  return found;
}

std::optional<std::string> json_input::text(std::string_view name, text_limits limits) {
  const auto* const found = find(name, "text");
  if (found == nullptr)
    return std::nullopt;
  const auto* const value = found->if_string();
  if (value == nullptr || value->size() < limits.least || value->size() > limits.most ||
      !is_allowed(*value, limits.many_lines)) {
    refuse(name, "has to be text of " + std::to_string(limits.least) + " to " +
                     std::to_string(limits.most) + " bytes without control characters");
    return std::nullopt;
  }
  return std::string{value->data(), value->size()};
}

std::optional<std::int64_t> json_input::number(std::string_view name, std::int64_t least,
                                               std::int64_t most) {
  const auto* const found = find(name, "a whole number");
  if (found == nullptr)
    return std::nullopt;
  const auto* const value = found->if_int64();
  if (value == nullptr || *value < least || *value > most) {
    refuse(name, "has to be a whole number from " + std::to_string(least) + " to " +
                     std::to_string(most));
    return std::nullopt;
  }
  return *value;
}

std::optional<bool> json_input::boolean(std::string_view name) {
  const auto* const found = find(name, "true or false");
  if (found == nullptr)
    return std::nullopt;
  if (!found->is_bool()) {
    refuse(name, "has to be true or false");
    return std::nullopt;
  }
  return found->get_bool();
}

std::optional<timestamp> json_input::time(std::string_view name) {
  const auto given = text(name, {.most = 64});
  if (!given)
    return std::nullopt;
  const auto read = time_from(*given);
  if (!read)
    refuse(name, "has to be a time like 2026-11-21T22:07:38Z, or a day like 2026-11-21");
  return read;
}

const json::array* json_input::list(std::string_view name, std::size_t most) {
  const auto* const found = find(name, "a list");
  const auto* const all = found == nullptr ? nullptr : found->if_array();
  if (found != nullptr && (all == nullptr || all->size() > most)) {
    refuse(name, "has to be a list of at most " + std::to_string(most) + " elements");
    return nullptr;
  }
  return all;
}

std::optional<std::vector<std::string>> json_input::texts(std::string_view name, std::size_t most,
                                                          text_limits each) {
  const auto* const all = list(name, most);
  if (all == nullptr)
    return std::nullopt;
  std::vector<std::string> read;
  for (const auto& element : *all) {
    const auto* const value = element.if_string();
    if (value == nullptr || value->size() < each.least || value->size() > each.most ||
        !is_allowed(*value, each.many_lines)) {
      refuse(name, "has to hold texts of " + std::to_string(each.least) + " to " +
                       std::to_string(each.most) + " bytes without control characters");
      return std::nullopt;
    }
    read.emplace_back(value->data(), value->size());
  }
  return read;
}

std::optional<std::vector<std::int64_t>> json_input::ids(std::string_view name, std::size_t most) {
  const auto* const all = list(name, most);
  if (all == nullptr)
    return std::nullopt;
  std::vector<std::int64_t> read;
  for (const auto& element : *all) {
    const auto* const value = element.if_int64();
    if (value == nullptr || *value < 1) {
      refuse(name, "has to hold whole numbers from 1");
      return std::nullopt;
    }
    read.push_back(*value);
  }
  return read;
}

bool json_input::has(std::string_view name) const {
  const auto* const found = members_.if_contains(name);
  return found != nullptr && !found->is_null();
}

json_input json_input::object(std::string_view name) {
  json_input inner;
  inner.prefix_ = prefix_ + std::string{name} + ".";
  const auto* const found = find(name, "an object");
  if (found == nullptr)
    return inner;
  if (found->is_object())
    inner.members_ = found->get_object();
  else
    refuse(name, "has to be an object");
  return inner;
}

void json_input::refuse(std::string_view member, std::string_view detail) {
  if (mistake_)
    return;
  const auto name = prefix_ + std::string{member};
  mistake_ = http::problem(400, "\"" + name + "\" " + std::string{detail}, name);
}

void json_input::adopt(http::response mistake) {
  if (!mistake_)
    mistake_ = std::move(mistake);
}

std::optional<http::response> json_input::mistake() {
  for (const auto& member : members_) {
    const std::string_view text{member.key().data(), member.key().size()};
    if (std::ranges::find(asked_, text) != asked_.end())
      continue;
    refuse(text, "is not known here, or not together with the others");
  }
  return mistake_;
}

} // namespace cresset::coord::api
