// A pattern is read by a cursor: '[' comparison (OR comparison)* ']' (OR '[' … ']')*. AND,
// FOLLOWEDBY, qualifiers (WITHIN, REPEATS) and other operators would need state that an alert does
// not have.
#include "coord/indicator/stix_pattern.hpp"

#include "coord/stix/markings.hpp"
#include "coord/stix/objects.hpp"

#include <boost/json.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace cresset::coord::indicator {
namespace {

namespace json = boost::json;
using values = std::vector<std::pair<indicator_kind, std::string>>;

class cursor {
public:
  explicit cursor(std::string_view text) : text_{text} {}

  bool skip(std::string_view word) {
    blanks();
    if (!text_.substr(at_).starts_with(word))
      return false;
    at_ += word.size();
    return true;
  }
  bool at_end() {
    blanks();
    return at_ == text_.size();
  }
  /// Everything up to a blank or an operator.
  std::string_view path() {
    blanks();
    const auto begun = at_;
    bool quoted = false;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\'')
        quoted = !quoted;
      else if (!quoted && (c == ' ' || c == '=' || c == '!' || c == ']' || c == '<' || c == '>'))
        break;
    }
    return text_.substr(begun, at_ - begun);
  }
  /// A string in single quotation marks with \' and \\ in it.
  std::optional<std::string> quoted() {
    if (!skip("'"))
      return std::nullopt;
    std::string made;
    for (; at_ < text_.size() && text_[at_] != '\''; ++at_) {
      if (text_[at_] == '\\' && at_ + 1 < text_.size())
        ++at_;
      made += text_[at_];
    }
    if (at_ == text_.size())
      return std::nullopt;
    ++at_;
    return made;
  }
  std::string rest() const { return std::string{text_.substr(at_, 40)}; }

private:
  void blanks() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }
  std::string_view text_;
  std::size_t at_ = 0;
};

std::optional<indicator_kind> kind_of(std::string_view path) {
  if (path == "ipv4-addr:value" || path == "ipv6-addr:value")
    return indicator_kind::address;
  if (path == "domain-name:value")
    return indicator_kind::domain;
  if (path == "url:value")
    return indicator_kind::url;
  if (path.starts_with("file:hashes."))
    return indicator_kind::hash;
  return std::nullopt;
}

unexpected<std::string> refuse(std::string text) {
  return unexpected{std::move(text)};
}

expected<void, std::string> add(values& to, indicator_kind kind, const std::string& value) {
  auto form = normalised(kind, value);
  if (!form)
    return refuse(fmt::format("'{}' {}", value.substr(0, 100), form.error()));
  if (to.size() >= pattern_values_limit)
    return refuse("the pattern names more than 100 values");
  to.emplace_back(kind, *std::move(form));
  return {};
}

expected<void, std::string> comparison(cursor& in, values& to) {
  const auto path = in.path();
  const auto kind = kind_of(path);
  if (!kind)
    return refuse(fmt::format("'{}' is nothing we can watch for", path.substr(0, 100)));
  const bool is_list = in.skip("IN");
  if (is_list ? !in.skip("(") : !in.skip("=") && !in.skip("ISSUBSET"))
    return refuse("only =, IN and ISSUBSET are understood, not: " + in.rest());
  do {
    const auto value = in.quoted();
    if (!value)
      return refuse("a text in quotation marks is missing before: " + in.rest());
    if (const auto done = add(to, *kind, *value); !done)
      return done;
  } while (is_list && in.skip(","));
  if (is_list && !in.skip(")"))
    return refuse("a list does not end: " + in.rest());
  return {};
}

incident::tlp label_of(const json::object& object) {
  std::vector<std::string> ids;
  if (const auto* refs = object.if_contains("object_marking_refs"); refs && refs->is_array())
    for (const auto& ref : refs->get_array())
      if (const auto* id = ref.if_string())
        ids.emplace_back(id->data(), id->size());
  return stix::strictest(ids).value_or(incident::tlp::red);
}

std::string text_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains({name.data(), name.size()});
  const auto* text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string{} : std::string{text->data(), text->size()};
}

} // namespace

expected<values, std::string> read_pattern(std::string_view pattern) {
  cursor in{pattern};
  values all;
  do {
    if (!in.skip("["))
      return refuse("an observation begins with '[', not: " + in.rest());
    do {
      if (const auto done = comparison(in, all); !done)
        return unexpected{done.error()};
    } while (in.skip("OR"));
    if (!in.skip("]"))
      return refuse("only comparisons joined by OR are understood, not: " + in.rest());
  } while (in.skip("OR"));
  if (!in.at_end())
    return refuse("only observations joined by OR are understood, not: " + in.rest());
  return all;
}

expected<offered_indicator, std::string> read_offered(std::string_view body) {
  json::error_code wrong;
  const auto read = json::parse({body.data(), body.size()}, wrong);
  if (wrong || !read.is_object())
    return refuse("is no JSON object");
  const auto& object = read.get_object();
  if (text_of(object, "type") != "indicator")
    return refuse("is no indicator object");
  if (const auto type = text_of(object, "pattern_type"); type != "stix")
    return refuse(fmt::format("has a pattern of type '{}'; only 'stix' is understood", type));
  auto found = read_pattern(text_of(object, "pattern"));
  if (!found)
    return unexpected{found.error()};
  offered_indicator made;
  made.object_id = text_of(object, "id");
  made.name = text_of(object, "name").substr(0, 300);
  made.label = label_of(object);
  made.values = *std::move(found);
  if (const auto* confidence = object.if_contains("confidence");
      confidence != nullptr && confidence->is_int64())
    made.confidence = static_cast<int>(std::clamp<std::int64_t>(confidence->get_int64(), 0, 100));
  if (const auto* revoked = object.if_contains("revoked"))
    made.revoked = revoked->is_bool() && revoked->get_bool();
  if (const auto until = text_of(object, "valid_until"); !until.empty())
    made.valid_until = stix::time_from(until);
  return made;
}

} // namespace cresset::coord::indicator
