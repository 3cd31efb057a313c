-- What readers send, for wrk:
--   wrk -t8 -c8 -d10s -s readers_load.lua ORIGIN -- WAY NAMES_FILE START
-- Each of wrk's threads holds one connection and is one reader after the other, each from a network of its
-- own. WAY is comment, reaction, vote, isso-comment or isso-like; NAMES_FILE holds a story's or a comment's
-- id a line, for votes with the cookie that was given before; START is where the numbers begin, so that no run repeats another's words. Prints JSON at the end.

local ffi = require("ffi")
ffi.cdef[[ typedef struct { long s; long ns; } moment; int clock_gettime(int, moment *); ]]
local moment = ffi.new("moment")

local function now_ms()
  ffi.C.clock_gettime(1, moment)
  return tonumber(moment.s) * 1000 + tonumber(moment.ns) / 1e6
end

local threads = {}

function setup(thread)
  thread:set("number", #threads)
  table.insert(threads, thread)
end

done_count, failed_count, last_failure = 0, 0, ""
alone_ms, whole_ms = {}, {}
local names, way, start = {}, nil, 0
local reader, step, began_ms, whole_began_ms = 0, 1, 0, 0
local carried = ""

local SAID = "The ferry came at dawn, and nobody was on it but those who had waited. We asked the harbour "
  .. "twice and were told twice that nothing had been written down. Who keeps the book? Number "

local function name_of_this()
  return names[(reader * 8 + number) % #names + 1]
end

local function network()
  local n = start + reader
  return string.format("%d.%d.%d.7", 11 + number, math.floor(n / 250) % 250, n % 250)
end

local function form(path, body, cookie)
  return wrk.format("POST", path, {
    ["Content-Type"] = "application/x-www-form-urlencoded",
    ["Sec-Fetch-Site"] = "same-origin",
    ["X-Forwarded-For"] = network(),
    ["Cookie"] = cookie,
  }, body)
end

local function json(path, body)
  return wrk.format("POST", path, { ["Content-Type"] = "application/json", ["X-Forwarded-For"] = network() }, body)
end

local function hidden(body, name)
  local _, before = body:find('name="' .. name .. '" value="', 1, true)
  return before and body:sub(before + 1, body:find('"', before + 1, true) - 1)
end

local function header(headers, name)
  for key, value in pairs(headers) do
    if key:lower() == name then return value end
  end
end

local function words()
  return SAID .. (start + reader) .. "." .. number .. "."
end

-- A way's request, and what its answer was: "next" within a reader's path, "done" at its end, or a failure.
local ways = {}

ways["comment"] = {
  request = function()
    local body = "story=" .. name_of_this() .. "&name=Reader&text=" .. words():gsub(" ", "+"):gsub(",", "%%2C"):gsub("?", "%%3F")
    return form("/readers/comment", body .. carried)
  end,
  response = function(status, _headers, body)
    local token = hidden(body, "token")
    if step == 1 and status == 200 and token then
      carried = "&token=" .. token .. "&receipt=" .. (hidden(body, "receipt") or "")
      return "next"
    end
    return step == 2 and status == 200 and not token and "done" or "no comment"
  end,
}

ways["reaction"] = {
  request = function()
    local body = "story=" .. name_of_this() .. "&value=yes"
    return form("/readers/reaction", body, step == 2 and carried or nil)
  end,
  response = function(status, headers, _body)
    local cookie = header(headers, "set-cookie")
    if step == 1 and status == 200 and cookie then
      carried = cookie:match("^[^;]*")
      return "next"
    end
    return step == 2 and status == 200 and not cookie and "done" or "no vote"
  end,
}

ways["vote"] = {
  request = function()
    local story, cookie = name_of_this():match("^(%S+) (%S+)$")
    return form("/readers/reaction", "story=" .. story .. "&value=yes", cookie)
  end,
  response = function(status, headers, _body)
    return status == 200 and not header(headers, "set-cookie") and "done" or "no vote"
  end,
}

ways["isso-comment"] = {
  request = function()
    local body = '{"title":"A story","author":"Reader","text":"' .. words() .. '"}'
    return json("/new?uri=%2F" .. name_of_this() .. "%2F", body)
  end,
  response = function(status, _headers, _body)
    return status == 202 and "done" or "no comment"
  end,
}

ways["isso-like"] = {
  -- Isso takes 142 votes a comment, and two at once on the same comment may lose one: each thread has its own.
  request = function()
    local own = math.floor((start + reader) / 100) * 8 + number
    return json("/id/" .. names[own % #names + 1] .. "/like", "")
  end,
  response = function(status, _headers, body)
    return status == 200 and not body:find("denied", 1, true) and "done" or "no like"
  end,
}

function init(arguments)
  way, start = ways[arguments[1]], tonumber(arguments[3])
  for line in io.lines(arguments[2]) do table.insert(names, line) end
end

function request()
  began_ms = now_ms()
  if step == 1 then whole_began_ms, carried = began_ms, "" end
  return way.request()
end

function response(status, headers, body)
  local answered_ms = now_ms()
  local result = way.response(status, headers, body)
  if result == "next" then
    step = 2
    return
  end
  if result == "done" then
    done_count = done_count + 1
    table.insert(alone_ms, answered_ms - began_ms)
    table.insert(whole_ms, answered_ms - whole_began_ms)
  else
    failed_count, last_failure = failed_count + 1, result .. " " .. status
  end
  step, reader = 1, reader + 1
end

local function numbers(name)
  local all = {}
  for _, thread in ipairs(threads) do
    for _, value in ipairs(thread:get(name)) do table.insert(all, string.format("%.2f", value)) end
  end
  return "[" .. table.concat(all, ",") .. "]"
end

function done(summary)
  local done, failed, failure = 0, 0, ""
  for _, thread in ipairs(threads) do
    done, failed = done + thread:get("done_count"), failed + thread:get("failed_count")
    if failure == "" then failure = thread:get("last_failure") end
  end
  local errors = summary.errors
  print(string.format(
    '{"done":%d,"failed":%d,"failure":"%s","errors":%d,"seconds":%.3f,"alone_ms":%s,"whole_ms":%s}',
    done, failed, failure, errors.connect + errors.read + errors.write + errors.timeout,
    summary.duration / 1e6, numbers("alone_ms"), numbers("whole_ms")))
end
