#include "coord/indicator/observables.hpp"

#include "coord/indicator/indicator.hpp"

#include <boost/json.hpp>

#include <algorithm>

namespace cresset::coord::indicator {
namespace {

namespace json = boost::json;
using text = std::string_view;

text text_of(const json::value& value) {
  const auto* string = value.if_string();
  return string == nullptr ? text{} : text{string->data(), string->size()};
}

/// Walks an application's members and takes what its name says it is.
class collector {
public:
  explicit collector(observables& into) : into_{into} {}

  void walk(const json::value& value, text name) {
    if (++looked_at_ > members_looked_at_limit || into_.size() >= observables_limit)
      return;
    if (const auto* object = value.if_object()) {
      take_url(*object);
      for (const auto& member : *object)
        walk(member.value(), {member.key().data(), member.key().size()});
    } else if (const auto* array = value.if_array()) {
      for (const auto& element : *array)
        walk(element, name);
    } else if (value.is_string()) {
      take(name, text_of(value));
    }
  }

private:
  static bool is_one_of(text name, std::initializer_list<text> names) {
    return std::ranges::find(names, name) != names.end();
  }

  void take(text name, text value) {
    if (is_one_of(name, {"hostname", "sni", "rrname", "rdata", "host", "http_host"}))
      take_name(
          value.substr(0, value.find(':') == value.rfind(':') ? value.find(':') : text::npos));
    else if (is_one_of(name, {"md5", "sha1", "sha256", "fingerprint"}))
      add(into_.hashes, normalised(indicator_kind::hash, value));
    else if (name == "url" && value.find("://") != text::npos)
      add_url(normalised(indicator_kind::url, value));
  }

  void take_name(text value) {
    if (const auto address = ip_address::parse(value))
      into_.addresses.push_back(*address);
    else
      add(into_.domains, normalised(indicator_kind::domain, value));
  }

  /// The path alone says little: it is joined with the host beside it.
  void take_url(const json::object& object) {
    const auto* host = object.if_contains("hostname");
    const auto* path = object.if_contains("url");
    if (host == nullptr || path == nullptr)
      return;
    const auto said = text_of(*path);
    if (said.starts_with('/'))
      add_url(normalised(indicator_kind::url,
                         "http://" + std::string{text_of(*host)} + std::string{said}));
  }

  void add_url(expected<std::string, std::string> url) {
    if (url)
      into_.urls.push_back(url->substr(url->find("://") + 3));
  }

  static void add(std::vector<std::string>& to, expected<std::string, std::string> value) {
    if (value && std::ranges::find(to, *value) == to.end())
      to.push_back(*std::move(value));
  }

  observables& into_;
  std::size_t looked_at_ = 0;
};

void add_ends(observables& to, const five_tuple& tuple) {
  for (const auto& end : {tuple.source, tuple.destination})
    if (std::ranges::find(to.addresses, end) == to.addresses.end())
      to.addresses.push_back(end);
}

} // namespace

observables observables_of(const detect::alert::alert& from, bool with_application) {
  observables all;
  if (from.tuple)
    add_ends(all, *from.tuple);
  if (from.flow)
    add_ends(all, from.flow->tuple);
  if (!with_application || from.transaction_json.empty())
    return all;
  json::error_code wrong;
  json::parse_options how;
  how.max_depth = 16;
  const auto read = json::parse("{" + from.transaction_json + "}", wrong, {}, how);
  if (!wrong)
    collector{all}.walk(read, "");
  return all;
}

} // namespace cresset::coord::indicator
