#include "coord/http/router.hpp"

#include "capture/base/log.hpp"
#include "coord/http/message.hpp"

#include <algorithm>
#include <stdexcept>

namespace cresset::coord::http {

namespace {

/// Both are 43 characters of our own making; the comparison does not tell by its duration how many
/// agree.
bool same_token(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size() || a.empty())
    return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    difference |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  return difference == 0;
}

bool body_is(const request& r, std::string_view wanted) noexcept {
  auto type = r.header_value("content-type");
  type = type.substr(0, type.find(';'));
  while (!type.empty() && type.back() == ' ')
    type.remove_suffix(1);
  return type == wanted;
}

std::optional<response> refusal_of_caller(const route& found, const request& r) {
  if (found.needs != right::anyone && !r.who)
    return problem(401, "sign in first: POST /api/v1/session");
  if (r.who && !r.who->rights.may(found.needs, changes_something(r.method)))
    return problem(403, "this needs the right \"" + std::string{to_string(found.needs)} +
                            "\", which your account does not have");
  if (!changes_something(r.method))
    return std::nullopt;
  if (!origin_is_own(r))
    return problem(403, "the Origin header names another site than the one this was sent to");
  // A cookie is sent by a browser whoever made the page; a token is not, and a certificate's calls
  // were held against their Origin above.
  if (found.needs != right::anyone && r.who->how == shown_by::session &&
      !same_token(r.header_value("x-csrf-token"), r.who->csrf_token))
    return problem(403, "the X-CSRF-Token header is missing or not the one of this session");
  const std::string_view type =
      found.takes_form ? "application/x-www-form-urlencoded" : "application/json";
  if (!r.body.empty() && !body_is(r, type))
    return problem(415, "the body must be " + std::string{type});
  return std::nullopt;
}

} // namespace

void router::add(http::method method, std::string pattern, right needs, handler handle) {
  if (pattern.empty() || pattern.front() != '/' || !handle || method == method::head ||
      method == method::other)
    throw std::invalid_argument{"malformed route " + pattern};
  std::vector<pattern_part> parts;
  for (std::size_t at = 1; at < pattern.size();) {
    const auto end = std::min(pattern.find('/', at), pattern.size());
    std::string text = pattern.substr(at, end - at);
    const bool is_parameter = text.size() > 2 && text.front() == '{' && text.back() == '}';
    parts.push_back({is_parameter ? text.substr(1, text.size() - 2) : text, is_parameter});
    at = end + 1;
  }
  for (const auto& known : routes_)
    if (known.method == method && known.pattern == pattern)
      throw std::invalid_argument{"route declared twice: " + pattern};
  routes_.push_back({method, std::move(pattern), needs, std::move(handle), false});
  parts_.push_back(std::move(parts));
}

void router::add_form(std::string pattern, handler handle) {
  add(method::post, std::move(pattern), access_level::anyone, std::move(handle));
  routes_.back().takes_form = true;
}

response router::handle(request& r) const {
  std::string allowed;
  const route* const found = find(r, allowed);
  if (found != nullptr) {
    if (forbidden_ && r.who && !r.who->rights.may(found->needs, changes_something(r.method)))
      forbidden_(r, *found);
    if (auto refused = refusal_of_caller(*found, r))
      return std::move(*refused);
    return found->is_held ? keep_(r, *found) : call(*found, r);
  }
  if (allowed.empty())
    return problem(404, "there is nothing at " + r.path());
  auto answer = problem(405, r.path() + " answers " + allowed + " only");
  answer.headers.push_back({"Allow", std::move(allowed)});
  return answer;
}

void router::hold(std::string_view act, keeper keep) {
  const auto found = std::ranges::find_if(routes_, [&](const route& r) { return r.act() == act; });
  const auto name = std::string{act};
  if (found == routes_.end())
    throw std::invalid_argument{"there is no route " + name};
  if (!changes_something(found->method))
    throw std::invalid_argument{name + " changes nothing"};
  if (found->needs == right::anyone || found->needs == right::member)
    throw std::invalid_argument{name + " is open to everybody"};
  found->is_held = true;
  keep_ = std::move(keep);
}

void router::on_forbidden(std::function<void(const request&, const route&)> listener) {
  forbidden_ = std::move(listener);
}

response router::carry_out(request& r) const {
  std::string allowed;
  const route* const found = find(r, allowed);
  if (found == nullptr || r.approved_by.empty())
    return problem(404, "there is nothing at " + r.path());
  if (!r.who || !r.who->rights.may(found->needs, changes_something(r.method)))
    return problem(403, "whoever asked does not have the right any more");
  return call(*found, r);
}

const route* router::of_act(std::string_view act) const noexcept {
  const auto found = std::ranges::find_if(routes_, [&](const route& r) { return r.act() == act; });
  return found == routes_.end() ? nullptr : &*found;
}

std::uint64_t router::failures() const noexcept {
  return failures_->load(std::memory_order_relaxed);
}

bool router::fits(std::size_t index, request& r) const {
  const auto& parts = parts_[index];
  if (parts.size() != r.segments.size())
    return false;
  r.parameters.clear();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].is_parameter)
      r.parameters.emplace_back(parts[i].text, r.segments[i]);
    else if (parts[i].text != r.segments[i])
      return false;
  }
  return true;
}

/// A few dozen routes: a plain walk costs less than a database round trip by three orders. The
/// first that fits wins, so a fixed part is declared before a `{name}` in its place.
const route* router::find(request& r, std::string& allowed) const {
  const auto wanted = r.method == method::head ? method::get : r.method;
  for (std::size_t i = 0; i < routes_.size(); ++i) {
    if (!fits(i, r))
      continue;
    if (routes_[i].method == wanted)
      return &routes_[i];
    allowed += (allowed.empty() ? "" : ", ") + std::string{to_string(routes_[i].method)};
  }
  return nullptr;
}

response router::call(const route& found, const request& r) const {
  try {
    return found.handle(r);
  } catch (const std::exception& e) {
    failures_->fetch_add(1, std::memory_order_relaxed);
    log(log_level::error, "http", "{} {} failed: {}", to_string(r.method), found.pattern, e.what());
    return problem(500, "the server failed; its log says why");
  }
}

} // namespace cresset::coord::http
