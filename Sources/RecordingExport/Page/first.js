// Before any session is read: only the current one is ever laid out. A browser too old for what follows shows them all.
document.documentElement.classList.add("js");
addEventListener("error", () => document.documentElement.classList.remove("js"));
