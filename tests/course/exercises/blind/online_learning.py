import numpy as np


def right_1(x, y, w, u, eta):
    """One tuple assignment after the other, lists."""
    h = p = q = 0.0
    ws, us = [], []
    for value, target in zip(x, y):
        new = np.tanh(w * value + u * h)
        slope = 1 - new**2
        p, q = slope * (value + u * p), slope * (h + u * q)
        h = new
        w, u = w - eta * (h - target) * p, u - eta * (h - target) * q
        ws.append(w)
        us.append(u)
    return np.array(ws), np.array(us)


def wrong_1(x, y, w, u, eta):
    """w and u after each step are noted before they move, so the lists lag one step behind."""
    T = len(x)
    ws, us = np.zeros(T), np.zeros(T)
    h = s_w = s_u = 0.0
    for t in range(T):
        ws[t], us[t] = w, u
        before = h
        h = np.tanh(w * x[t] + u * before)
        s_w = (1 - h**2) * (x[t] + u * s_w)
        s_u = (1 - h**2) * (before + u * s_u)
        w -= eta * (h - y[t]) * s_w
        u -= eta * (h - y[t]) * s_u
    return ws, us


def wrong_2(x, y, w, u, eta):
    """The sensitivities start at zero again at each step, so nothing is carried on."""
    h = 0.0
    ws, us = [], []
    for t in range(len(x)):
        s_w, s_u = 0.0, 0.0
        before = h
        h = np.tanh(w * x[t] + u * before)
        s_w = (1 - h**2) * (x[t] + u * s_w)
        s_u = (1 - h**2) * (before + u * s_u)
        w = w - eta * (h - y[t]) * s_w
        u = u - eta * (h - y[t]) * s_u
        ws.append(w)
        us.append(u)
    return np.array(ws), np.array(us)


def wrong_3(x, y, w, u, eta):
    """u is moved before the sensitivity of w is renewed, which so hears the new u."""
    h, dw, du = 0.0, 0.0, 0.0
    all_w, all_u = [], []
    for x_t, y_t in zip(x, y):
        old = h
        h = np.tanh(w * x_t + u * old)
        slope, error = 1 - h * h, h - y_t
        du = slope * (old + u * du)
        u = u - eta * error * du
        dw = slope * (x_t + u * dw)
        w = w - eta * error * dw
        all_w.append(w)
        all_u.append(u)
    return np.array(all_w), np.array(all_u)
